import type { User, userCreate, userUpdate } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { Sessions } from '../identity/sessions.ts'
import { refuseLastAdmin } from './last-admin.ts'
import { linkStore } from './links.store.ts'
import { endLinksBy } from './made-links.ts'
import { groupsOf, insertUser, refuseTaken } from './new-user.ts'
import { peopleStore, type UserRow } from './people.store.ts'
import { userViews } from './user-view.ts'

type Update = z.output<typeof userUpdate.body>
interface Done {
  readonly user: User
  readonly atOnce: boolean
}
export interface Users {
  list(): Promise<{ users: User[] }>
  create(actor: Actor, input: z.output<typeof userCreate.body>): Promise<{ user: User }>
  update(actor: Actor, id: string, input: Update): Promise<Done>
  /** Their sessions end: whoever may more or less signs in for it. */
  setRole(actor: Actor, id: string, role: User['role']): Promise<Done>
  disable(actor: Actor, id: string): Promise<Done>
  enable(actor: Actor, id: string): Promise<Done>
  remove(actor: Actor, id: string): Promise<{ atOnce: boolean }>
  signOut(actor: Actor, id: string): Promise<{ ended: number; atOnce: boolean }>
}
export interface UsersDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly passwords: Pick<Passwords, 'hash'>
  readonly evictions: Pick<Evictions, 'now'>
}

export function usersService({ db, clock, audit, sessions, passwords, evictions }: UsersDeps): Users {
  const view = async (id: string): Promise<User> => {
    const [user] = await userViews(db, { clock, sessions }, id)
    if (user === undefined) throw nobody()
    return user
  }
  /** One change of one account, with its line in the audit trail. */
  const change = (
    actor: Actor,
    id: string,
    act: (trx: Transaction<DB>, user: UserRow) => Promise<Omit<Recording, 'user'> | null>,
  ) =>
    db.transaction().execute(async (trx) => {
      const user = await userIn(trx, id)
      const done = await act(trx, user)
      if (done === null) return
      const { action, words, before, after, what } = done
      const subject = { kind: 'user', id, name: user.username }
      await audit.record(trx, actor, { action: `user.${action}`, subject, words, before, after })
      if (what) await emit(trx, 'user.changed', { userId: id, username: user.username, what }, clock.now())
    })
  const told = async (id: string): Promise<Done> => {
    const atOnce = await evictions.now({ person: id })
    return { user: await view(id), atOnce }
  }

  return {
    list: async () => ({ users: await userViews(db, { clock, sessions }) }),

    async create(actor, { password, ...input }) {
      const passwordHash = await passwords.hash(password)
      const id = await db.transaction().execute(async (trx) => {
        const groups = await groupsOf(trx, input.groups)
        const user = await insertUser(trx, { ...input, passwordHash }, clock.now())
        const { username, role } = user
        await audit.record(trx, actor, {
          action: 'user.create',
          subject: { kind: 'user', id: user.id, name: username },
          words: `Made an account for ${username}, as ${roleWords[role]}`,
          after: { username, role, email: input.email, groups: groups.map(({ name }) => name) },
        })
        return user.id
      })
      return { user: await view(id) }
    },

    async update(actor, id, input) {
      let known = false
      await change(actor, id, async (trx, user) => {
        const { words, before, after, patch } = changes(user, input)
        if (patch.username !== undefined) {
          await refuseTaken(trx, patch.username, id)
          await linkStore(trx).makerIs(user.username, patch.username)
        }
        if (Object.keys(patch).length > 0) await peopleStore(trx).update(id, patch)
        const groups = input.groups === undefined ? null : await setGroups(trx, id, input.groups)
        if (groups) {
          words.push(`groups are ${groups.after.join(', ') || 'none'}`)
          before.groups = groups.before
          after.groups = groups.after
        }
        // What apps are told of a person is asked anew; how they are called in pages may wait its 30 s.
        known = groups !== null || patch.username !== undefined || patch.email !== undefined
        if (words.length === 0) return null
        return { action: 'update', words: `Changed ${user.username}: ${words.join(', ')}`, before, after }
      })
      return known ? told(id) : { user: await view(id), atOnce: true }
    },

    async setRole(actor, id, role) {
      await change(actor, id, async (trx, user) => {
        if (user.role === role) return null
        if (role === 'member') await refuseLastAdmin(trx, id, 'made a member')
        await peopleStore(trx).update(id, { role })
        await endAll(trx, id)
        const ended = role === 'member' ? await endLinksBy(trx, user.username) : ''
        const words = `Made ${user.username} ${roleWords[role]}${ended}`
        return { action: 'role', words, before: { role: user.role }, after: { role }, what: 'role' }
      })
      return told(id)
    },

    async disable(actor, id) {
      await change(actor, id, async (trx, user) => {
        if (user.disabled === 1) return null
        await refuseLastAdmin(trx, id, 'disabled')
        await peopleStore(trx).update(id, { disabled: 1 })
        await endAll(trx, id)
        const ended = await endLinksBy(trx, user.username)
        return { action: 'disable', words: `Disabled ${user.username}${ended}`, what: 'disabled' }
      })
      return told(id)
    },

    async enable(actor, id) {
      await change(actor, id, async (trx, user) => {
        if (user.disabled === 0) return null
        await peopleStore(trx).update(id, { disabled: 0 })
        return { action: 'enable', words: `Enabled ${user.username} again`, what: 'enabled' }
      })
      return told(id)
    },

    async remove(actor, id) {
      await change(actor, id, async (trx, { username, role }) => {
        await refuseLastAdmin(trx, id, 'deleted')
        await peopleStore(trx).delete(id)
        const words = `Deleted ${username}${await endLinksBy(trx, username)}`
        return { action: 'delete', words, before: { username, role }, what: 'deleted' }
      })
      return { atOnce: await evictions.now({ person: id }) }
    },

    async signOut(actor, id) {
      let ended = 0
      await change(actor, id, async (trx, { username }) => {
        ended = await endAll(trx, id)
        const count = ended === 1 ? 'one session' : `${ended} sessions`
        return { action: 'sign_out', words: `Signed ${username} out of ${count}` }
      })
      return { ended, atOnce: await evictions.now({ person: id }) }
    },
  }

  async function endAll(trx: Transaction<DB>, id: string): Promise<number> {
    await peopleStore(trx).dropChallenges(id)
    return (await sessions.endAllOf(trx, id)).length
  }
}

interface Recording {
  readonly user: UserRow
  readonly action: string
  readonly words: string
  readonly before?: unknown
  readonly after?: unknown
  readonly what?: 'role' | 'disabled' | 'enabled' | 'deleted'
}

export const roleWords = { admin: 'an administrator', member: 'a member' } as const
const nobody = () => new AppError('not_found', 'There is no such person. They may have been deleted.')

export async function userIn(trx: Kysely<DB>, id: string): Promise<UserRow> {
  const user = await peopleStore(trx).byId(id)
  if (user === undefined) throw nobody()
  return user
}

/** What is new of name and e-mail, as columns, as words, and for the audit trail. */
function changes(user: UserRow, { username, displayName, email }: Update) {
  const words: string[] = []
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  const patch: { username?: string; display_name?: string; email?: string | null } = {}
  const note = (field: string, was: string, is: string, said: string) => {
    words.push(said)
    before[field] = was
    after[field] = is
  }
  if (username !== undefined && username !== user.username) {
    patch.username = username
    note('username', user.username, username, `is ${username} now`)
  }
  if (displayName !== undefined && displayName !== user.display_name) {
    patch.display_name = displayName
    note('displayName', user.display_name, displayName, `is called ${displayName || 'nothing else'}`)
  }
  const mail = user.email ?? ''
  if (email !== undefined && email !== mail) {
    patch.email = email === '' ? null : email
    note('email', mail, email, `e-mail is ${email || 'none'}`)
  }
  return { words, before, after, patch }
}

/** Puts a person into these groups by hand, and out of all others; null when that changes nothing. */
async function setGroups(trx: Transaction<DB>, userId: string, ids: readonly string[]) {
  const store = peopleStore(trx)
  const wanted = await groupsOf(trx, ids)
  const was = (await store.members({ userId })).filter(({ source }) => source === 'manual')
  const gone = was.filter(({ group_id }) => !ids.includes(group_id))
  const come = wanted.filter(({ id }) => !was.some(({ group_id }) => group_id === id))
  if (gone.length + come.length === 0) return null
  for (const { group_id } of gone) await store.removeMember(group_id, userId)
  await store.addMembers(come.map(({ id }) => ({ group_id: id, user_id: userId })))
  return { before: was.map(({ name }) => name), after: wanted.map(({ name }) => name) }
}
