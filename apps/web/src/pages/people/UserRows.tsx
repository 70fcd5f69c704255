import type { User } from '@argos/contract'
import type { ReactNode } from 'react'
import { calledAs } from '../../components/people.ts'
import { Ago } from '../../components/Time.tsx'
import { Avatar, Chip } from '../../ui/Badges.tsx'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { Table } from '../../ui/Table.tsx'
import { factorLight, roleWords, waysWords } from './words.ts'

interface Props {
  users: readonly User[]
  /** The id of whoever reads this. */
  me: string
  onOpen: (user: User) => void
  menu: (user: User) => ReactNode
  stale: boolean
}

const Seen = ({ at }: { at: number | null }) => (at === null ? 'never' : <Ago at={at} />)

function Factor({ user }: { user: User }) {
  const light = factorLight(user)
  return (
    <span className={light.state === 'warn' ? 'warn' : 't2'}>
      <Status state={light.state}>{light.words}</Status>
    </span>
  )
}

const Groups = ({ groups }: Pick<User, 'groups'>) =>
  groups.length === 0 ? (
    <span className="t3">none</span>
  ) : (
    <span className="row wrap g1">
      {groups.map((group) => (
        <Chip key={group.id}>{group.name}</Chip>
      ))}
    </span>
  )

function Name({ user, me }: { user: User; me: boolean }) {
  const name = calledAs(user)
  return (
    <>
      <Avatar name={name} />
      <span className="cut">
        <b>{name}</b> {name === user.username ? null : <span className="t3">{user.username}</span>}
        {me ? <span className="t3"> · you</span> : null}
      </span>
    </>
  )
}

/** Everybody with an account: a table, on phones rows of two lines. */
export const UserRows = ({ users, me, onOpen, menu, stale }: Props) => (
  <Card flush>
    <div className="phone-hide">
      <Table label="People" stale={stale}>
        <thead>
          <tr>
            <th>Person</th>
            <th>Role</th>
            <th>Groups</th>
            <th className="at-1180">Signs in with</th>
            <th>Second factor</th>
            <th>Last seen</th>
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id} data-user={user.id} className={user.disabled ? 'disabled' : ''}>
              <td>
                <button type="button" className="personname" onClick={() => onOpen(user)}>
                  <Name user={user} me={user.id === me} />
                </button>
              </td>
              <td className="nowrap">
                {user.disabled ? <Status state="off">disabled</Status> : roleWords[user.role]}
              </td>
              <td>
                <Groups groups={user.groups} />
              </td>
              <td className="t2 at-1180">{waysWords(user)}</td>
              <td className="nowrap">
                <Factor user={user} />
              </td>
              <td className="t2 nowrap">
                <Seen at={user.lastSeenAt} />
              </td>
              <td className="num">{menu(user)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {users.map((user) => (
        <li key={user.id} className={user.disabled ? 'disabled' : ''}>
          <button type="button" className="personname two" onClick={() => onOpen(user)}>
            <Avatar name={calledAs(user)} />
            <span className="grow">
              <b className="cut block">{calledAs(user)}</b>
              <span className="t2 sm block">
                {user.disabled ? 'Disabled' : roleWords[user.role]}
                {user.groups.length === 0 ? '' : ` · ${user.groups.map((group) => group.name).join(', ')}`}
              </span>
              <span className="t3 sm block">
                {factorLight(user).words} · seen <Seen at={user.lastSeenAt} />
              </span>
            </span>
          </button>
          {menu(user)}
        </li>
      ))}
    </ul>
  </Card>
)
