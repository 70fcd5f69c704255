import type { AppPassword, appPasswordCreate, appPasswordList } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { hashToken } from '../secrets.ts'
import { appPasswordStore } from './app-password.store.ts'
import type { Grants } from './grants.ts'
import { newAppPassword } from './token.ts'

const DAY_MS = 24 * 60 * 60_000
/** More than anybody has devices. */
const MOST = 100

export interface AppPasswords {
  list(session: Session): Promise<z.input<typeof appPasswordList.response>>
  create(
    session: Session,
    actor: Actor,
    wish: z.output<typeof appPasswordCreate.body>,
  ): Promise<z.input<typeof appPasswordCreate.response>>
  remove(session: Session, actor: Actor, id: string): Promise<{ atOnce: boolean }>
}
export interface AppPasswordDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly grants: Grants
  readonly evictions: Pick<Evictions, 'now'>
  /** The port of the edge's HTTPS listener, for addresses that are shown. */
  readonly httpsPort: number
}

/** What apps and devices send that cannot sign in. Each is of one person for one host, and shows in its last use. */
export function appPasswords({
  db,
  clock,
  audit,
  grants,
  evictions,
  httpsPort,
}: AppPasswordDeps): AppPasswords {
  return {
    async list({ userId }) {
      const hosts = await grants.of(userId)
      return {
        appPasswords: await appPasswordStore(db, userId).list(),
        // What asks for a second factor an app cannot open: it has none to give.
        hosts: hosts.filter(({ factor }) => !factor).map(({ id, name }) => ({ id, name })),
      }
    },

    async create({ userId, username }, actor, { name, hostId, paths, days }) {
      const host = (await grants.of(userId)).find(({ id }) => id === hostId)
      if (host === undefined || host.factor) {
        const message = host
          ? 'This host asks for a second factor, which no app can give.'
          : 'This is no host that you may open by signing in.'
        throw new AppError('invalid', message, { fields: [{ path: 'hostId', message }] })
      }
      const password = newAppPassword()
      const now = clock.now()
      const id = newId('a')
      const appPassword = await db.transaction().execute(async (trx) => {
        const store = appPasswordStore(trx, userId)
        if ((await store.list()).length >= MOST)
          throw new AppError('conflict', `There are ${MOST} already. Take one back first.`)
        await store.insert({
          id,
          host_id: hostId,
          name,
          token_hash: hashToken(password),
          paths: JSON.stringify(paths),
          created_at: now,
          expires_at: days === null ? null : now + days * DAY_MS,
        })
        await audit.record(trx, actor, {
          action: 'app_password.create',
          subject: { kind: 'app_password', id, name },
          words: `Made a password for ${name} at ${host.name}`,
          after: { host: host.name, paths, days },
        })
        return foundIn(await store.get(id))
      })
      const at = `${host.name}${httpsPort === 443 ? '' : `:${httpsPort}`}`
      return {
        appPassword,
        username,
        password,
        url: `https://${encodeURIComponent(username)}:${password}@${at}/`,
      }
    },

    async remove({ userId }, actor, id) {
      await db.transaction().execute(async (trx) => {
        const store = appPasswordStore(trx, userId)
        const { name, host } = foundIn(await store.get(id))
        await store.delete(id)
        await audit.record(trx, actor, {
          action: 'app_password.delete',
          subject: { kind: 'app_password', id, name },
          words: `Took the password of ${name} at ${host.name} back`,
        })
      })
      return { atOnce: await evictions.now({ session: id }) }
    },
  }
}

function foundIn(found: AppPassword | null): AppPassword {
  if (found) return found
  throw new AppError('not_found', 'There is no such password. It may have been taken back.')
}
