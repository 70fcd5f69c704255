import { type apiTokenCreate, type apiTokenList, type Scope, scopes } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { allows } from '../http/guard.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { hashToken } from '../secrets.ts'
import { apiTokenStore, type FoundToken } from './api-token.store.ts'
import { looksLikeApiToken, newApiToken } from './token.ts'

const DAY_MS = 24 * 60 * 60_000
const MOST = 100
/** The last use is written when the one that is known is this old: no write a request. */
const USED_EVERY_MS = 5 * 60_000

export interface ApiTokens {
  /** Whose token this is; null when it is nobody's, has ended, or its person may not sign in. */
  find(token: string, address: string): Promise<FoundToken | null>
  list(session: Session): Promise<z.input<typeof apiTokenList.response>>
  create(
    session: Session,
    actor: Actor,
    wish: z.output<typeof apiTokenCreate.body>,
  ): Promise<z.input<typeof apiTokenCreate.response>>
  remove(session: Session, actor: Actor, id: string): Promise<void>
}
export interface ApiTokenDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
}

/** What a token can be made for: what a person of that role may do, but nothing that is about being signed in. */
const grantable = (role: Session['role']): Scope[] =>
  scopes.filter((scope) => scope !== 'public' && scope !== 'session' && allows(role, scope))

/** Tokens with which programs use the panel's API: they may do what they were made for, and what their person may. */
export function apiTokens({ db, clock, audit }: ApiTokenDeps): ApiTokens {
  return {
    async find(token, address) {
      if (!looksLikeApiToken(token)) return null
      const store = apiTokenStore(db)
      const found = await store.find(hashToken(token))
      const now = clock.now()
      if (found === null || (found.expiresAt !== null && found.expiresAt <= now)) return null
      if (found.lastUsedAt === null || now - found.lastUsedAt >= USED_EVERY_MS)
        await store.used(found.id, now, address)
      return found
    },

    list: async ({ userId, role }) => ({
      apiTokens: await apiTokenStore(db).ofUser(userId),
      scopes: grantable(role),
    }),

    async create({ userId, role }, actor, { name, scopes: wished, days }) {
      const beyond = wished.find((scope) => !grantable(role).includes(scope))
      if (beyond !== undefined) {
        const message = `You may not do what ${beyond} names, so no token of yours may.`
        throw new AppError('invalid', message, { fields: [{ path: 'scopes', message }] })
      }
      const token = newApiToken()
      const id = newId('t')
      const now = clock.now()
      const made = [...new Set(wished)].sort()
      return db.transaction().execute(async (trx) => {
        const store = apiTokenStore(trx)
        if ((await store.ofUser(userId)).length >= MOST)
          throw new AppError('conflict', `There are ${MOST} tokens already. Take one back first.`)
        await store.insert({
          id,
          user_id: userId,
          name,
          token_hash: hashToken(token),
          scopes: JSON.stringify(made),
          created_at: now,
          expires_at: days === null ? null : now + days * DAY_MS,
        })
        await audit.record(trx, actor, {
          action: 'api_token.create',
          subject: { kind: 'api_token', id, name },
          words: `Made the API token ${name}`,
          after: { scopes: made, days },
        })
        const apiToken = (await store.ofUser(userId)).find((one) => one.id === id)
        if (apiToken === undefined) throw new Error('a token that was just made is not there')
        return { apiToken, token }
      })
    },

    async remove({ userId }, actor, id) {
      await db.transaction().execute(async (trx) => {
        const name = await apiTokenStore(trx).delete(userId, id)
        if (name === null)
          throw new AppError('not_found', 'There is no such token. It may have been taken back.')
        await audit.record(trx, actor, {
          action: 'api_token.delete',
          subject: { kind: 'api_token', id, name },
          words: `Took the API token ${name} back`,
        })
      })
    },
  }
}
