import { groupList, type Names, type User, userList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../api/query.ts'
import type { PickSection } from './PickField.tsx'

/** As people call somebody: the name they gave, else the one they sign in with. */
export const calledAs = ({ displayName, username }: Pick<User, 'displayName' | 'username'>): string =>
  displayName || username

export interface Everybody {
  readonly names: Names
  /** People and groups to choose from. */
  readonly sections: readonly PickSection[]
  readonly users: readonly User[]
  /** Why nobody can be chosen. */
  readonly error: Error | null
}

/** What people and groups are called, and who can be chosen. */
export function useEverybody(): Everybody {
  const users = useQuery(query(userList))
  const groups = useQuery(query(groupList))
  const people = users.data?.users ?? []
  const all = groups.data?.groups ?? []
  const sorted = <T extends { name: string }>(options: readonly T[]) =>
    options.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  return {
    users: people,
    error: users.error ?? groups.error,
    names: {
      people: Object.fromEntries(people.map((user) => [user.id, calledAs(user)])),
      groups: Object.fromEntries(all.map((group) => [group.id, group.name])),
    },
    sections: [
      {
        title: 'Groups',
        options: sorted(all.map(({ id, name, members }) => ({ id, name, hint: `${members.length}` }))),
      },
      {
        title: 'People',
        options: sorted(people.map((user) => ({ id: user.id, name: calledAs(user), hint: user.username }))),
      },
    ],
  }
}
