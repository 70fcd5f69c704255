import { type Call, groupList, type User, userList } from '@argos/contract'
import { notFound } from '../api.ts'

/** The person with this name, however it is capitalised, or this id. */
export async function findUser(call: Call, typed: string): Promise<User> {
  const { users } = await call(userList, {})
  const name = typed.normalize('NFKC').trim().toLowerCase()
  const user = users.find((one) => one.id === typed) ?? users.find((one) => one.username === name)
  if (user) return user
  throw notFound(`There is no account \`${typed}\`. \`./argos user list\` shows them.`)
}

/** The ids of groups by their names. */
export async function groupIds(call: Call, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const { groups } = await call(groupList, {})
  return names.map((typed) => {
    const name = typed.trim().toLowerCase()
    const group = groups.find((one) => one.id === typed || one.name === name)
    if (group) return group.id
    throw notFound(
      `There is no group \`${typed}\`. There are: ${groups.map((g) => g.name).join(', ') || 'none'}.`,
    )
  })
}
