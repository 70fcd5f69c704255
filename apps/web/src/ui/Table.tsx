import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

export interface TableProps {
  /** Read before the table. */
  label: string
  dense?: boolean | undefined
  /** While old rows stand in for new ones. */
  stale?: boolean | undefined
  /** thead and tbody, plain elements. Group rows: `<tr className="grp">`. */
  children: ReactNode
}
export const Table = ({ label, dense = false, stale = false, children }: TableProps) => (
  <div className="tablewrap">
    <table
      className={`table ${dense ? 'dense' : ''} ${stale ? 'stale' : ''}`}
      aria-label={label}
      aria-busy={stale}
    >
      {children}
    </table>
  </div>
)

export interface SortHeadProps {
  children: ReactNode
  /** How this column sorts now, or false. */
  sorted: 'asc' | 'desc' | false
  onSort: () => void
  num?: boolean | undefined
}
export const SortHead = ({ children, sorted, onSort, num = false }: SortHeadProps) => (
  <th
    className={num ? 'num' : ''}
    aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
  >
    <button type="button" className="sort" onClick={onSort}>
      {children}
      {sorted === 'asc' ? <ArrowUp /> : sorted === 'desc' ? <ArrowDown /> : null}
    </button>
  </th>
)

export interface BulkBarProps {
  count: number
  onClear: () => void
  /** Buttons, each ending in one preview for all. */
  children: ReactNode
}

/** Floats at the bottom while rows are selected. */
export const BulkBar = ({ count, onClear, children }: BulkBarProps) =>
  count === 0 ? null : (
    <section className="bulk" aria-label="Selected rows">
      <b role="status">{count} selected</b>
      {children}
      <Button
        kind="ghost"
        size="sm"
        className="icon"
        aria-label="Clear the selection"
        icon={<X />}
        onClick={onClear}
      />
    </section>
  )
