import { type Policy, policyList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { notFound, useParams } from '@tanstack/react-router'
import { KeyRound, MoreHorizontal, Pencil, Plus, Trash2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Empty, ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { Offers } from './Offers.tsx'
import { usePolicyDelete } from './PolicyDelete.tsx'
import { PolicyRows } from './PolicyRows.tsx'
import './policies.css'

const PolicyDrawer = lazy(() => import('./PolicyDrawer.tsx').then((m) => ({ default: m.PolicyDrawer })))
const TesterTab = lazy(() => import('./TesterTab.tsx').then((m) => ({ default: m.TesterTab })))

/** Who gets in, under names that hosts use; and the question who can open an address. */
export function PoliciesPage() {
  const { tab = '' } = useParams({ strict: false })
  const [, setOpen] = useUrlState('open')
  const some = (useQuery(query(policyList)).data?.policies.length ?? 0) > 0
  useTitle(tab === 'test' ? 'Test an address' : 'Policies')
  if (tab !== '' && tab !== 'test') throw notFound()
  return (
    <>
      <PageHead
        title="Policies"
        lead="Who gets in, in one sentence. Hosts use a policy, and change with it."
        actions={
          tab === '' && some ? (
            <Button kind="primary" icon={<Plus />} onClick={() => setOpen('new')}>
              Add policy
            </Button>
          ) : undefined
        }
      />
      <div className="mb-4">
        <Tabs
          label="Policies"
          current={tab}
          tabs={[
            { id: '', label: 'All policies', link: <Link to={paths.policies()} /> },
            { id: 'test', label: 'Test an address', link: <Link to={paths.policyTest()} /> },
          ]}
        />
      </div>
      <Suspense fallback={<Skeleton rows={5} />}>{tab === 'test' ? <TesterTab /> : <AllPolicies />}</Suspense>
    </>
  )
}

function AllPolicies() {
  const [open, setOpen] = useUrlState('open')
  const removal = usePolicyDelete()
  const view = useQuery({ ...query(policyList), refetchInterval: 10_000 })
  const policies = (view.data?.policies ?? []).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const editing = policies.find((policy) => policy.id === open)
  const menu = (policy: Policy) => (
    <Menu trigger={<IconButton size="sm" label={`Actions for ${policy.name}`} icon={<MoreHorizontal />} />}>
      <MenuItem icon={<Pencil />} onClick={() => setOpen(policy.id)}>
        Edit
      </MenuItem>
      <MenuItem icon={<Trash2 />} danger onClick={() => removal.ask(policy)}>
        Delete…
      </MenuItem>
    </Menu>
  )
  return (
    <>
      {view.data?.noNetworks ? (
        <div className="mb-4">
          <Note tone="warn">
            <b>Policies cannot go by networks now.</b> {view.data.noNetworks}
          </Note>
        </div>
      ) : null}
      {view.isError && !view.data ? (
        <ErrorState
          title="Policies could not be loaded"
          error={view.error}
          onRetry={() => void view.refetch()}
        />
      ) : !view.data ? (
        <Card>
          <Skeleton rows={5} />
        </Card>
      ) : policies.length === 0 ? (
        <Empty
          icon={<KeyRound />}
          title="No policies yet"
          action={
            <Button kind="primary" icon={<Plus />} onClick={() => setOpen('new')}>
              Add policy
            </Button>
          }
        >
          A policy says who gets in: whoever is signed in, some people or groups, a network. Hosts use it, and
          without one they are public.
        </Empty>
      ) : (
        <PolicyRows
          policies={policies}
          onOpen={(policy) => setOpen(policy.id)}
          menu={menu}
          stale={view.isError}
        />
      )}
      {view.data ? <Offers offers={view.data.offers} /> : null}
      {view.data && (open === 'new' || editing) ? (
        <Suspense>
          <PolicyDrawer
            key={open}
            policy={editing ?? null}
            noNetworks={view.data.noNetworks}
            onClose={() => setOpen('')}
            onSaved={() => setOpen('')}
          />
        </Suspense>
      ) : null}
      {removal.dialog}
    </>
  )
}
