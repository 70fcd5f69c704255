import type { Host, SavedView } from '@argos/contract'
import { BookmarkPlus, ChevronDown, Pencil, Save, Trash2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense, startTransition, useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/Button.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx'
import { toast } from '../../ui/Toast.tsx'
import { inView, type Listing, listed, viewLabels, views } from './listing.ts'
import { queryOf, savedListing, searchOf } from './url-listing.ts'
import { deleteView, saveView, useViews } from './use-views.ts'

const ViewDialog = lazy(() => import('./ViewDialog.tsx').then((m) => ({ default: m.ViewDialog })))

interface Props {
  hosts: readonly Host[]
  listing: Listing
  change: (patch: Partial<Listing>) => void
}

/** Views as pills with counts: those that everybody has, then one's own, with what one can do to the open one. */
export function HostViews({ hosts, listing, change }: Props) {
  const saved = useViews()
  const [asking, setAsking] = useState<'new' | 'rename' | null>(null)
  const ask = (what: typeof asking) => startTransition(() => setAsking(what))
  const open = saved.find((view) => view.id === listing.saved)
  const query = queryOf(listing)
  // Views that everybody has are no filters of one's own.
  const filtered = query !== '' && query !== `view=${listing.view}`
  return (
    <>
      <nav className="views" aria-label="Views">
        {views.map((view) => {
          const n = hosts.filter((host) => inView(host, view)).length
          const current = open === undefined && view === listing.view
          // When every host is public, that tells none apart.
          const tells = n > 0 && (view !== 'public' || n < hosts.length)
          return !tells && !current ? null : (
            <Pill key={view} to={paths.hosts({ view })} current={current} count={n}>
              {viewLabels[view]}
            </Pill>
          )
        })}
        {saved.map((view) => (
          <Pill
            key={view.id}
            to={paths.hosts(searchOf(savedListing(view)))}
            current={view === open}
            count={listed(hosts, savedListing(view)).length}
          >
            {view.name}
            {view === open && query !== queryOf(savedListing(view)) ? <i> changed</i> : null}
          </Pill>
        ))}
        {open ? (
          <OwnMenu view={open} query={query} ask={ask} onDeleted={() => change({ saved: '' })} />
        ) : filtered ? (
          <Button kind="ghost" size="sm" icon={<BookmarkPlus />} onClick={() => ask('new')}>
            Save view…
          </Button>
        ) : null}
      </nav>
      <Suspense>
        {asking === null ? null : (
          <ViewDialog
            view={asking === 'rename' ? (open ?? null) : null}
            query={query}
            onSaved={({ id }) => change({ saved: id })}
            onClose={() => setAsking(null)}
          />
        )}
      </Suspense>
    </>
  )
}

interface PillProps {
  to: string
  current: boolean
  count: number
  children: ReactNode
}
const Pill = ({ to, current, count, children }: PillProps) => (
  <Link to={to} {...(current ? { 'aria-current': 'true' as const } : {})}>
    <span className="name">{children}</span>
    <span>{count}</span>
  </Link>
)

interface OwnMenuProps {
  view: SavedView
  /** The filters as they are now. */
  query: string
  ask: (what: 'new' | 'rename') => void
  onDeleted: () => void
}

function OwnMenu({ view, query, ask, onDeleted }: OwnMenuProps) {
  const changed = query !== queryOf(savedListing(view))
  const keep = () =>
    saveView({ id: view.id, name: view.name, query }).then(
      () => toast(`Saved as ${view.name}`),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        toast(`Not saved. ${error.message}`, { state: 'bad' })
      },
    )
  return (
    <Menu
      align="start"
      trigger={
        <Button
          kind="ghost"
          size="sm"
          className="icon"
          aria-label={`The view ${view.name}`}
          icon={<ChevronDown />}
        />
      }
    >
      {changed ? (
        <>
          <MenuItem icon={<Save />} onClick={() => void keep()}>
            Save these filters as {view.name}
          </MenuItem>
          <MenuItem icon={<BookmarkPlus />} onClick={() => ask('new')}>
            Save as a new view…
          </MenuItem>
          <MenuLine />
        </>
      ) : null}
      <MenuItem icon={<Pencil />} onClick={() => ask('rename')}>
        Rename…
      </MenuItem>
      <MenuItem
        icon={<Trash2 />}
        danger
        onClick={() => {
          onDeleted()
          void deleteView(view)
        }}
      >
        Delete the view
      </MenuItem>
    </Menu>
  )
}
