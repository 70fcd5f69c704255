import { ChevronDown, ChevronRight } from 'lucide-react'
import { things } from '../../lib/words.ts'
import { Status } from '../../ui/StateGlyph.tsx'
import { groupTrouble, type Row } from './listing.ts'

interface Props {
  row: Row & { kind: 'group' }
  columns: number
  onFold: (domain: string) => void
}

/** A parent domain with the state of what is in it. */
export function GroupRow({ row, columns, onFold }: Props) {
  const trouble = groupTrouble(row.hosts)
  return (
    <tr className="grp">
      <th colSpan={columns} scope="rowgroup">
        <button type="button" className="row" aria-expanded={!row.folded} onClick={() => onFold(row.domain)}>
          {row.folded ? <ChevronRight /> : <ChevronDown />}
          <b>{row.domain}</b>
          <span className="t3">{things(row.hosts.length, 'host')}</span>
          {trouble === null ? null : (
            <span className={trouble.state}>
              <Status state={trouble.state}>{trouble.words}</Status>
            </span>
          )}
        </button>
      </th>
    </tr>
  )
}
