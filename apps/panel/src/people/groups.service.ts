import type { groupCreate, groupUpdate, PersonGroup } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import { newId } from '../id.ts'
import { peopleStore } from './people.store.ts'

interface Done {
  readonly group: PersonGroup
  readonly atOnce: boolean
}
export interface Groups {
  list(): Promise<{ groups: PersonGroup[] }>
  create(actor: Actor, input: z.output<typeof groupCreate.body>): Promise<Done>
  update(actor: Actor, id: string, input: z.output<typeof groupUpdate.body>): Promise<Done>
  remove(actor: Actor, id: string): Promise<{ atOnce: boolean }>
}
export interface GroupsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly evictions: Pick<Evictions, 'now'>
}

export function groupsService({ db, clock, audit, evictions }: GroupsDeps): Groups {
  const views = async (id?: string): Promise<PersonGroup[]> => {
    const store = peopleStore(db)
    const members = Map.groupBy(
      await store.members(id === undefined ? {} : { groupId: id }),
      (m) => m.group_id,
    )
    const policies = Map.groupBy(await store.policiesByGroup(), (p) => p.group_id)
    return (await store.groups(id === undefined ? undefined : [id])).map((group) => ({
      id: group.id,
      name: group.name,
      createdAt: group.created_at,
      members: (members.get(group.id) ?? []).map(({ user_id, username, source }) => ({
        userId: user_id,
        username,
        source,
      })),
      policies: (policies.get(group.id) ?? []).map((p) => ({ id: p.id, name: p.name })),
    }))
  }
  const view = async (id: string): Promise<PersonGroup> => {
    const [group] = await views(id)
    if (group === undefined) throw noGroup()
    return group
  }
  /** What each of them may open is asked anew. */
  const told = (people: Iterable<string>) =>
    evictions.now(...[...new Set(people)].map((person) => ({ person })))

  return {
    list: async () => ({ groups: await views() }),

    async create(actor, { name, members }) {
      const id = newId('g')
      await db.transaction().execute(async (trx) => {
        await refuseTaken(trx, name)
        await peopleStore(trx).insertGroup(id, name, clock.now())
        const { after } = await setMembers(trx, id, members)
        await audit.record(trx, actor, {
          action: 'group.create',
          subject: { kind: 'group', id, name },
          words: `Made the group ${name}${after.length > 0 ? `, with ${after.join(', ')}` : ''}`,
          after: { name, members: after },
        })
      })
      const atOnce = await told(members)
      return { group: await view(id), atOnce }
    },

    async update(actor, id, { name, members }) {
      const concerned = await db.transaction().execute(async (trx) => {
        const store = peopleStore(trx)
        const group = await groupIn(trx, id)
        const words: string[] = []
        const all = await store.members({ groupId: id })
        let people: string[] = []
        if (name !== undefined && name !== group.name) {
          await refuseTaken(trx, name, id)
          await store.renameGroup(id, name)
          words.push(`is ${name} now`)
          // Apps are told the names of groups.
          people = all.map(({ user_id }) => user_id)
        }
        const set = members === undefined ? null : await setMembers(trx, id, members)
        if (set && set.concerned.length > 0) {
          words.push(`members are ${set.after.join(', ') || 'nobody'}`)
          people = [...people, ...set.concerned]
        }
        if (words.length === 0) return []
        await audit.record(trx, actor, {
          action: 'group.update',
          subject: { kind: 'group', id, name: group.name },
          words: `Changed the group ${group.name}: ${words.join(', ')}`,
          before: { name: group.name, ...(set ? { members: set.before } : {}) },
          after: { name: name ?? group.name, ...(set ? { members: set.after } : {}) },
        })
        return people
      })
      const atOnce = await told(concerned)
      return { group: await view(id), atOnce }
    },

    async remove(actor, id) {
      const people = await db.transaction().execute(async (trx) => {
        const store = peopleStore(trx)
        const { name } = await groupIn(trx, id)
        const policy = (await store.policiesByGroup()).find(({ group_id }) => group_id === id)
        if (policy)
          throw new AppError(
            'conflict',
            `The policy ${policy.name} names this group. Change the policy first.`,
          )
        const members = await store.members({ groupId: id })
        await store.deleteGroup(id)
        await audit.record(trx, actor, {
          action: 'group.delete',
          subject: { kind: 'group', id, name },
          words: `Deleted the group ${name}`,
          before: { name, members: members.map(({ username }) => username) },
        })
        return members.map(({ user_id }) => user_id)
      })
      return { atOnce: await told(people) }
    },
  }
}

const noGroup = () => new AppError('not_found', 'There is no such group. It may have been deleted.')

async function groupIn(trx: Transaction<DB>, id: string) {
  const [group] = await peopleStore(trx).groups([id])
  if (group === undefined) throw noGroup()
  return group
}

async function refuseTaken(trx: Transaction<DB>, name: string, but?: string): Promise<void> {
  const other = (await peopleStore(trx).groups()).find((group) => group.name === name)
  if (other === undefined || other.id === but) return
  const message = `There is a group ${name} already.`
  throw new AppError('conflict', message, { fields: [{ path: 'name', message }] })
}

/** These are its members by hand, and nobody else; whom a provider put in stays. */
async function setMembers(trx: Transaction<DB>, groupId: string, ids: readonly string[]) {
  const store = peopleStore(trx)
  const names = new Map<string, string>()
  for (const [i, id] of ids.entries()) {
    const user = await store.byId(id)
    const message = 'There is no such person. They may have been deleted.'
    if (user === undefined)
      throw new AppError('invalid', message, { fields: [{ path: `members.${i}`, message }] })
    names.set(id, user.username)
  }
  const was = (await store.members({ groupId })).filter(({ source }) => source === 'manual')
  const gone = was.filter(({ user_id }) => !names.has(user_id))
  const come = [...names.keys()].filter((id) => !was.some(({ user_id }) => user_id === id))
  for (const { user_id } of gone) await store.removeMember(groupId, user_id)
  await store.addMembers(come.map((user_id) => ({ group_id: groupId, user_id })))
  return {
    before: was.map(({ username }) => username),
    after: [...names.values()].sort(),
    concerned: [...gone.map(({ user_id }) => user_id), ...come],
  }
}
