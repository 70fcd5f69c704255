import { Outlet } from '@tanstack/react-router'
import { PanelTop, Plus } from 'lucide-react'
import { useState } from 'react'
import { useHostActions } from '../../components/host-actions/HostActions.tsx'
import { ButtonLink } from '../../components/Link.tsx'
import { useTitle } from '../../hooks/page.ts'
import { usePhone } from '../../hooks/phone.ts'
import { paths } from '../../lib/paths.ts'
import { moment, since } from '../../lib/time.ts'
import { useHosts } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty, ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { PageHead } from '../../ui/Page.tsx'
import { BulkBar } from '../../ui/Table.tsx'
import { HostCards } from './HostCards.tsx'
import { HostsBar } from './HostsBar.tsx'
import { HostsTable } from './HostsTable.tsx'
import { HostViews } from './HostViews.tsx'
import { listed, rowsOf } from './listing.ts'
import { useListing } from './url-listing.ts'
import './hosts.css'

export function HostsPage() {
  useTitle('Hosts')
  const phone = usePhone()
  const { data, isError, error, isPending, refetch, dataUpdatedAt } = useHosts()
  const [listing, change] = useListing()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const { ask, dialog } = useHostActions({ onApplied: () => setPicked(new Set()) })

  const all = data?.hosts ?? []
  const hosts = listed(all, listing)
  const rows = rowsOf(hosts, listing.grouped, folded)
  // What a filter hides must not be changed with the rest.
  const selected = hosts.filter((host) => picked.has(host.id))
  const toggle = (set: ReadonlySet<string>, id: string) => {
    const next = new Set(set)
    if (!next.delete(id)) next.add(id)
    return next
  }
  const fold = (domain: string) => setFolded(toggle(folded, domain))

  return (
    <>
      <PageHead
        title="Hosts"
        beside={all.length === 0 ? undefined : <HostViews hosts={all} listing={listing} change={change} />}
        actions={
          <ButtonLink className="phone-hide" kind="primary" to={paths.hostNew()} icon={<Plus />}>
            Add host
          </ButtonLink>
        }
      />
      {isError && data ? (
        <Note tone="warn">
          <b>This is {since(dataUpdatedAt)}.</b> {error.message} <time>{moment(dataUpdatedAt)}</time>
        </Note>
      ) : null}
      {all.length === 0 ? null : <HostsBar listing={listing} change={change} tags={data?.tags ?? []} />}
      {data === undefined && isPending ? <Skeleton rows={10} /> : null}
      {data === undefined && isError ? (
        <ErrorState title="Hosts could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : null}
      {data && all.length === 0 ? (
        <Empty
          icon={<PanelTop />}
          title="No host yet"
          action={
            <ButtonLink kind="primary" to={paths.hostNew()} icon={<Plus />}>
              Add host
            </ButtonLink>
          }
        >
          A host gives a service at home a name of its own. Paste where it runs; Argos looks what it is and
          fills in the rest.
        </Empty>
      ) : null}
      {all.length > 0 && hosts.length === 0 ? (
        <Empty
          title="No host matches"
          action={
            <Button onClick={() => change({ q: '', tags: [], states: [], access: [], view: '', saved: '' })}>
              Show all {all.length} hosts
            </Button>
          }
        >
          Search looks at names, pools, targets, tags and notes.
        </Empty>
      ) : null}
      {hosts.length === 0 ? null : phone ? (
        <HostCards rows={rows} onFold={fold} />
      ) : (
        <HostsTable
          rows={rows}
          hosts={hosts}
          sort={listing.sort}
          onSort={(sort) => change({ sort })}
          onFold={fold}
          picked={picked}
          onPick={(id) => setPicked(toggle(picked, id))}
          onPickAll={(on) => setPicked(new Set(on ? hosts.map((h) => h.id) : []))}
          ask={ask}
          stale={isError}
        />
      )}
      <BulkBar count={selected.length} onClear={() => setPicked(new Set())}>
        <Button size="sm" onClick={() => ask({ kind: 'pause', hosts: selected })}>
          Pause…
        </Button>
        <Button size="sm" onClick={() => ask({ kind: 'resume', hosts: selected })}>
          Resume…
        </Button>
        <Button size="sm" onClick={() => ask({ kind: 'tags', hosts: selected })}>
          Tags…
        </Button>
        <Button size="sm" kind="danger" onClick={() => ask({ kind: 'delete', hosts: selected })}>
          Delete…
        </Button>
        <span className="t3 sm phone-hide">one preview for all</span>
      </BulkBar>
      {dialog}
      <Outlet />
    </>
  )
}
