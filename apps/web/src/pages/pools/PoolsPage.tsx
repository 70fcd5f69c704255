import { type Pool, poolList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Database, MoreHorizontal, Pencil, Plus, Search, Trash2 } from 'lucide-react'
import { query } from '../../api/query.ts'
import { ButtonLink } from '../../components/Link.tsx'
import { useTitle } from '../../hooks/page.ts'
import { useGo, useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Input } from '../../ui/Field.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { dialOf, poolsLead } from './health.ts'
import { usePoolDelete } from './PoolDelete.tsx'
import { PoolDrawer } from './PoolDrawer.tsx'
import { PoolRows } from './PoolRows.tsx'

/** Every word must stand somewhere in the name, the targets or the hosts. */
const finds = (pool: Pool, q: string): boolean => {
  const text = [pool.name, pool.targets.map(dialOf), pool.hosts.map((host) => host.name)].flat().join('\n')
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word))
}

export function PoolsPage() {
  useTitle('Pools')
  const go = useGo()
  const [q, setQ] = useUrlState('q')
  const [open, setOpen] = useUrlState('open')
  const removal = usePoolDelete()
  const view = useQuery({ ...query(poolList), refetchInterval: 10_000 })
  const pools = (view.data?.pools ?? []).toSorted((a, b) =>
    a.name.localeCompare(b.name, 'en', { numeric: true }),
  )
  const shown = pools.filter((pool) => finds(pool, q.trim()))
  const add = (
    <Button kind="primary" icon={<Plus />} onClick={() => setOpen('new')}>
      Add pool
    </Button>
  )
  const editing = pools.find((pool) => pool.id === open)
  const menu = (pool: Pool) => (
    <Menu trigger={<IconButton size="sm" label={`Actions for ${pool.name}`} icon={<MoreHorizontal />} />}>
      <MenuItem icon={<Pencil />} onClick={() => setOpen(pool.id)}>
        Edit
      </MenuItem>
      <MenuItem icon={<Trash2 />} danger onClick={() => removal.ask(pool)}>
        Delete…
      </MenuItem>
    </Menu>
  )
  return (
    <>
      <PageHead
        title="Pools"
        lead={view.data && pools.length > 0 ? poolsLead(pools) : undefined}
        actions={pools.length > 0 ? add : undefined}
      />
      {pools.length > 0 ? (
        <div className="mb-3 max-w-80">
          <Input
            size="md"
            data-search
            type="search"
            aria-label="Search pools"
            placeholder="Search pools, targets, hosts"
            before={<Search />}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </div>
      ) : null}
      {view.isError && !view.data ? (
        <ErrorState
          title="Pools could not be loaded"
          error={view.error}
          onRetry={() => void view.refetch()}
        />
      ) : !view.data ? (
        <Card>
          <Skeleton rows={5} />
        </Card>
      ) : pools.length === 0 ? (
        <Empty
          icon={<Database />}
          title="No pools yet"
          action={
            <div className="row wrap g2 justify-center">
              {add}
              <ButtonLink to={paths.hostNew()}>Add a host</ButtonLink>
            </div>
          }
        >
          A pool is one or more addresses that answer for a host and share its requests. Adding a host makes
          one by itself.
        </Empty>
      ) : shown.length === 0 ? (
        <Empty
          icon={<Search />}
          title={`Nothing matches “${q}”`}
          action={<Button onClick={() => setQ('')}>Show all pools</Button>}
        >
          Names, targets and hosts were searched.
        </Empty>
      ) : (
        <PoolRows pools={shown} menu={menu} stale={view.isError} />
      )}
      {open === 'new' || editing ? (
        <PoolDrawer
          key={open}
          pool={editing ?? null}
          onClose={() => setOpen('')}
          onSaved={(pool) => (editing ? setOpen('') : go(paths.pool(pool.id)))}
        />
      ) : null}
      {removal.dialog}
    </>
  )
}
