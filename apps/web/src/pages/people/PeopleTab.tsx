import { type User, userList } from '@argos/contract'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Ban, KeyRound, LogOut, MoreHorizontal, Pencil, Search, Trash2, Undo2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { meQuery, query } from '../../api/query.ts'
import { calledAs } from '../../components/people.ts'
import { useUrlState } from '../../hooks/url.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Input } from '../../ui/Field.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx'
import { Card } from '../../ui/Page.tsx'
import { Invitations } from './Invitations.tsx'
import { UserRows } from './UserRows.tsx'
import { useUserActions } from './use-user-actions.tsx'
import { findsPerson } from './words.ts'

const UserDrawer = lazy(() => import('./UserDrawer.tsx').then((m) => ({ default: m.UserDrawer })))

/** Everybody with an account, and who is invited. */
export function PeopleTab() {
  const me = useSuspenseQuery(meQuery).data.user.id
  const [q, setQ] = useUrlState('q')
  const [open, setOpen] = useUrlState('open')
  const actions = useUserActions()
  const view = useQuery({ ...query(userList), refetchInterval: 15_000 })
  const users = (view.data?.users ?? []).toSorted(
    (a, b) => Number(a.disabled) - Number(b.disabled) || calledAs(a).localeCompare(calledAs(b), 'en'),
  )
  const shown = users.filter((user) => findsPerson(user, q.trim()))
  const editing = users.find((user) => user.id === open)
  const menu = (user: User) => (
    <Menu
      trigger={<IconButton size="sm" label={`Actions for ${calledAs(user)}`} icon={<MoreHorizontal />} />}
    >
      <MenuItem icon={<Pencil />} onClick={() => setOpen(user.id)}>
        Edit
      </MenuItem>
      <MenuItem icon={<KeyRound />} onClick={() => actions.ask('reset', user)}>
        Link to set a new password…
      </MenuItem>
      <MenuItem icon={<LogOut />} onClick={() => actions.ask('sign-out', user)}>
        Sign out everywhere…
      </MenuItem>
      <MenuLine />
      {user.disabled ? (
        <MenuItem icon={<Undo2 />} onClick={() => actions.enable(user)}>
          Enable
        </MenuItem>
      ) : (
        <MenuItem
          icon={<Ban />}
          danger
          disabled={user.id === me}
          side={user.id === me ? 'this is you' : undefined}
          onClick={() => actions.ask('disable', user)}
        >
          Disable…
        </MenuItem>
      )}
      <MenuItem
        icon={<Trash2 />}
        danger
        disabled={user.id === me}
        side={user.id === me ? 'this is you' : undefined}
        onClick={() => actions.ask('delete', user)}
      >
        Delete…
      </MenuItem>
    </Menu>
  )
  if (view.isError && !view.data) {
    return (
      <ErrorState title="People could not be loaded" error={view.error} onRetry={() => void view.refetch()} />
    )
  }
  if (!view.data) {
    return (
      <Card>
        <Skeleton rows={5} />
      </Card>
    )
  }
  return (
    <>
      <div className="peoplebar">
        <Input
          size="md"
          data-search
          type="search"
          aria-label="Search people"
          placeholder="Search names, e-mail, groups"
          before={<Search />}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <Empty
          icon={<Search />}
          title={`Nobody matches “${q}”`}
          action={<Button onClick={() => setQ('')}>Show everybody</Button>}
        >
          Names, e-mail, roles and groups were searched.
        </Empty>
      ) : (
        <UserRows
          users={shown}
          me={me}
          onOpen={(user) => setOpen(user.id)}
          menu={menu}
          stale={view.isError}
        />
      )}
      <Invitations />
      {editing === undefined ? null : (
        <Suspense>
          <UserDrawer
            key={editing.id}
            user={editing}
            me={editing.id === me}
            onClose={() => setOpen('')}
            onAct={(act) => {
              setOpen('')
              actions.ask(act, editing)
            }}
            onEnable={() => actions.enable(editing)}
          />
        </Suspense>
      )}
      {actions.dialog}
    </>
  )
}
