import type { Role } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import { newId } from '../id.ts'
import { peopleStore, type UserRow } from './people.store.ts'

export interface NewUser {
  readonly username: string
  /** Empty for none. */
  readonly passwordHash: string
  readonly role: Role
  readonly displayName: string
  readonly email: string
  /** Ids of groups that exist. */
  readonly groups: readonly string[]
}

/** Writes an account; whoever calls it says so in the audit trail. */
export async function insertUser(trx: Transaction<DB>, input: NewUser, now: number): Promise<UserRow> {
  const { username, passwordHash: password_hash, role, displayName: display_name, email, groups } = input
  await refuseTaken(trx, username)
  const row: UserRow = {
    id: newId('u'),
    username,
    password_hash,
    role,
    disabled: 0,
    created_at: now,
    display_name,
    email: email === '' ? null : email,
    password_changed_at: password_hash === '' ? null : now,
  }
  const store = peopleStore(trx)
  await store.insert(row)
  await store.addMembers(groups.map((group_id) => ({ group_id, user_id: row.id })))
  await emit(trx, 'user.created', { userId: row.id, username }, now)
  return row
}

export async function refuseTaken(trx: Transaction<DB>, username: string, but?: string): Promise<void> {
  const other = await peopleStore(trx).byName(username)
  if (other === undefined || other.id === but) return
  const message = `There is somebody called ${username} already. Choose another name.`
  throw new AppError('conflict', message, { fields: [{ path: 'username', message }] })
}

/** The groups by these ids; refuses one that is not there, as the field `groups`. */
export async function groupsOf(trx: Transaction<DB>, ids: readonly string[]) {
  const found = ids.length === 0 ? [] : await peopleStore(trx).groups(ids)
  const there = new Set(found.map(({ id }) => id))
  const missing = ids.findIndex((id) => !there.has(id))
  if (missing < 0) return found
  const message = 'There is no such group. It may have been deleted.'
  throw new AppError('invalid', message, { fields: [{ path: `groups.${missing}`, message }] })
}
