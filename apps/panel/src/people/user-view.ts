import type { User } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { IDLE_MS, type Sessions } from '../identity/sessions.ts'
import { peopleStore } from './people.store.ts'

/** Everybody as the pages show them, or the one. */
export async function userViews(
  db: Kysely<DB>,
  { clock, sessions }: { clock: Clock; sessions: Pick<Sessions, 'lastUse'> },
  id?: string,
): Promise<User[]> {
  const store = peopleStore(db)
  const groups = Map.groupBy(await store.members(id === undefined ? {} : { userId: id }), (m) => m.user_id)
  const now = clock.now()
  const seen = (await store.sessions(id)).map((row) => ({ ...row, at: sessions.lastUse(row) }))
  const open = Map.groupBy(seen, (row) => row.user_id)
  return (await store.users(id)).map((row) => {
    const own = open.get(row.id) ?? []
    return {
      id: row.id,
      username: row.username,
      displayName: row.display_name,
      email: row.email ?? '',
      role: row.role,
      disabled: row.disabled === 1,
      createdAt: row.created_at,
      signsInWith: [
        ...(row.password_hash === '' ? [] : (['password'] as const)),
        ...(row.has_passkey ? (['passkey'] as const) : []),
        ...(row.has_oidc ? (['single_sign_on'] as const) : []),
      ],
      secondFactor: Boolean(row.has_passkey) || Boolean(row.has_totp),
      groups: (groups.get(row.id) ?? []).map(({ group_id, name, source }) => ({
        id: group_id,
        name,
        source,
      })),
      sessions: own.filter(({ at, expires_at }) => now < expires_at && now - at < IDLE_MS).length,
      lastSeenAt: own.length === 0 ? null : Math.max(...own.map(({ at }) => at)),
    }
  })
}
