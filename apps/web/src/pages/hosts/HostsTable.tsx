import type { Host } from '@argos/contract'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { HostAction } from '../../components/host-actions/HostActions.tsx'
import { usePreference } from '../../lib/preferences.ts'
import { Checkbox } from '../../ui/Choice.tsx'
import { SortHead, Table } from '../../ui/Table.tsx'
import { GroupRow } from './GroupRow.tsx'
import { HostRow } from './HostRow.tsx'
import { pressSort, type Row, type Sort, type SortKey } from './listing.ts'
import { useRowKeys } from './row-keys.ts'

export interface HostsTableProps {
  rows: readonly Row[]
  /** The same hosts without group heads, folded ones included. */
  hosts: readonly Host[]
  sort: Sort
  onSort: (sort: Sort) => void
  onFold: (domain: string) => void
  picked: ReadonlySet<string>
  onPick: (id: string) => void
  onPickAll: (on: boolean) => void
  ask: (action: HostAction) => void
  stale: boolean
}

const virtualFrom = 100
const columns = 9
const keyOf = (row: Row) => (row.kind === 'host' ? row.host.id : `group ${row.domain}`)

export function HostsTable(props: HostsTableProps) {
  const { rows, hosts, sort, onSort, picked, onPick, onPickAll, stale } = props
  const dense = usePreference('density') === 'dense'
  const body = useRef<HTMLDivElement>(null)
  const few = rows.length <= virtualFrom
  const virtual = useWindowVirtualizer({
    count: rows.length,
    enabled: !few,
    estimateSize: (i) => (rows[i]?.kind === 'group' ? 35 : dense ? 33 : 41),
    getItemKey: (i) => keyOf(rows[i] ?? { kind: 'group', domain: '', hosts: [], folded: false }),
    overscan: 20,
    scrollMargin: body.current?.offsetTop ?? 0,
  })
  useRowKeys({ rows, scrollTo: few ? undefined : (i) => virtual.scrollToIndex(i), pick: onPick })

  const items = virtual.getVirtualItems()
  const shown = few ? rows.map((_, i) => i) : items.map((item) => item.index)
  const above = few ? 0 : (items[0]?.start ?? 0) - virtual.options.scrollMargin
  const below = few ? 0 : virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - virtual.options.scrollMargin)
  const head = (key: SortKey, label: string) => (
    <SortHead
      sorted={sort.key === key && (sort.desc ? 'desc' : 'asc')}
      onSort={() => onSort(pressSort(sort, key))}
    >
      {label}
    </SortHead>
  )
  const n = hosts.filter((h) => picked.has(h.id)).length
  return (
    <div className="card hosts" ref={body}>
      <Table label="Hosts" dense={dense} stale={stale}>
        <thead>
          <tr>
            <th className="w-pick">
              <Checkbox
                quiet
                label="Select all hosts shown"
                checked={n === hosts.length}
                mixed={n > 0 && n < hosts.length}
                onChange={(on) => onPickAll(on)}
              />
            </th>
            {head('name', 'Host')}
            {head('upstream', 'Upstream')}
            {head('edge', 'At the edge')}
            <th>Who gets in</th>
            {head('tls', 'TLS left')}
            <th className="at-1180">Tags</th>
            {head('saved', 'Saved')}
            <th className="w-more">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 ? <Gap height={above} /> : null}
          {shown.map((i) => {
            const row = rows[i]
            if (row === undefined) return null
            return row.kind === 'group' ? (
              <GroupRow key={keyOf(row)} row={row} columns={columns} onFold={props.onFold} />
            ) : (
              <HostRow
                key={row.host.id}
                host={row.host}
                picked={picked.has(row.host.id)}
                onPick={onPick}
                ask={props.ask}
              />
            )
          })}
          {below > 0 ? <Gap height={below} /> : null}
        </tbody>
      </Table>
    </div>
  )
}

const Gap = ({ height }: { height: number }) => (
  <tr className="gap">
    <td colSpan={columns} style={{ height }} />
  </tr>
)
