import { groupList, type PersonGroup } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, Pencil, Plus, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { useEverybody } from '../../components/people.ts'
import { useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Card } from '../../ui/Page.tsx'
import { Table } from '../../ui/Table.tsx'
import { GroupDelete } from './GroupDelete.tsx'
import { GroupDrawer } from './GroupDrawer.tsx'
import { membersWords } from './words.ts'

/** Groups with their members, and the policies that name them. */
export function GroupsTab() {
  const [open, setOpen] = useUrlState('open')
  const [asked, setAsked] = useState<PersonGroup | null>(null)
  const view = useQuery({ ...query(groupList), refetchInterval: 15_000 })
  const { names } = useEverybody()
  const groups = (view.data?.groups ?? []).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const editing = groups.find((group) => group.id === open)
  const members = (group: PersonGroup) =>
    membersWords(group.members.map((one) => names.people[one.userId] ?? one.username))
  const menu = (group: PersonGroup) => (
    <Menu trigger={<IconButton size="sm" label={`Actions for ${group.name}`} icon={<MoreHorizontal />} />}>
      <MenuItem icon={<Pencil />} onClick={() => setOpen(group.id)}>
        Edit
      </MenuItem>
      <MenuItem icon={<Trash2 />} danger onClick={() => setAsked(group)}>
        Delete…
      </MenuItem>
    </Menu>
  )
  if (view.isError && !view.data) {
    return (
      <ErrorState title="Groups could not be loaded" error={view.error} onRetry={() => void view.refetch()} />
    )
  }
  if (!view.data) {
    return (
      <Card>
        <Skeleton rows={4} />
      </Card>
    )
  }
  return (
    <>
      {groups.length === 0 ? (
        <Empty
          icon={<Users />}
          title="No groups yet"
          action={
            <Button kind="primary" icon={<Plus />} onClick={() => setOpen('new')}>
              Add group
            </Button>
          }
        >
          A group is a name for several people. A policy that names it lets in whoever is in it.
        </Empty>
      ) : (
        <GroupRows
          groups={groups}
          members={members}
          menu={menu}
          onOpen={(group) => setOpen(group.id)}
          stale={view.isError}
        />
      )}
      {open === 'new' || editing ? (
        <GroupDrawer key={open} group={editing ?? null} onClose={() => setOpen('')} />
      ) : null}
      {asked === null ? null : <GroupDelete group={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

interface RowsProps {
  groups: readonly PersonGroup[]
  members: (group: PersonGroup) => string
  menu: (group: PersonGroup) => React.ReactNode
  onOpen: (group: PersonGroup) => void
  stale: boolean
}
const GroupRows = ({ groups, members, menu, onOpen, stale }: RowsProps) => (
  <Card flush>
    <div className="phone-hide">
      <Table label="Groups" stale={stale}>
        <thead>
          <tr>
            <th>Group</th>
            <th>Members</th>
            <th>Named by</th>
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id} data-group={group.id}>
              <td>
                <button type="button" className="personname" onClick={() => onOpen(group)}>
                  <b className="cut">{group.name}</b>
                </button>
              </td>
              <td>{members(group)}</td>
              <td>
                {group.policies.length === 0 ? (
                  <span className="t3">no policy</span>
                ) : (
                  <span className="row wrap g2">
                    {group.policies.map((policy) => (
                      <Link
                        key={policy.id}
                        className="hover:underline"
                        to={paths.policies({ open: policy.id })}
                      >
                        {policy.name}
                      </Link>
                    ))}
                  </span>
                )}
              </td>
              <td className="num">{menu(group)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {groups.map((group) => (
        <li key={group.id}>
          <button type="button" className="personname two" onClick={() => onOpen(group)}>
            <span className="grow">
              <b className="cut block">{group.name}</b>
              <span className="t2 sm block">{members(group)}</span>
            </span>
          </button>
          {menu(group)}
        </li>
      ))}
    </ul>
  </Card>
)
