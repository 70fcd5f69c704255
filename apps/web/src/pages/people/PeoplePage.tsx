import { groupList, userList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { notFound, useParams } from '@tanstack/react-router'
import { Plus, UserPlus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Feedback.tsx'
import { PageHead } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { PeopleTab } from './PeopleTab.tsx'
import { peopleLead } from './words.ts'
import './people.css'

const GroupsTab = lazy(() => import('./GroupsTab.tsx').then((m) => ({ default: m.GroupsTab })))
const InviteDrawer = lazy(() => import('./InviteDrawer.tsx').then((m) => ({ default: m.InviteDrawer })))

/** Who has an account, and which groups they are in. */
export function PeoplePage() {
  const { tab = '' } = useParams({ strict: false })
  const [open, setOpen] = useUrlState('open')
  const users = useQuery(query(userList)).data?.users
  const groups = useQuery(query(groupList)).data?.groups
  useTitle(tab === 'groups' ? 'Groups' : 'People')
  if (tab !== '' && tab !== 'groups') throw notFound()
  return (
    <>
      <PageHead
        title="People and groups"
        lead={users ? peopleLead(users) : undefined}
        actions={
          tab === 'groups' ? (
            groups === undefined || groups.length === 0 ? undefined : (
              <Button kind="primary" icon={<Plus />} onClick={() => setOpen('new')}>
                Add group
              </Button>
            )
          ) : (
            <Button kind="primary" icon={<UserPlus />} onClick={() => setOpen('invite')}>
              Invite
            </Button>
          )
        }
      />
      <div className="mb-4">
        <Tabs
          label="People and groups"
          current={tab}
          tabs={[
            { id: '', label: 'People', count: users?.length, link: <Link to={paths.people()} /> },
            { id: 'groups', label: 'Groups', count: groups?.length, link: <Link to={paths.groups()} /> },
          ]}
        />
      </div>
      <Suspense fallback={<Skeleton rows={5} />}>{tab === 'groups' ? <GroupsTab /> : <PeopleTab />}</Suspense>
      <Suspense>
        {tab === '' && open === 'invite' ? <InviteDrawer onClose={() => setOpen('')} /> : null}
      </Suspense>
    </>
  )
}
