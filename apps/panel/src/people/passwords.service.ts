import type { Link, resetFinish, resetOpen } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import type { AccountLimiter } from '../identity/account-limiter.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { From, Sessions } from '../identity/sessions.ts'
import { hashToken, newToken } from '../secrets.ts'
import { linkStore } from './links.store.ts'
import { peopleStore, type UserRow } from './people.store.ts'
import { userIn } from './users.service.ts'

const RESET_MS = 60 * 60_000

export interface OwnPasswords {
  /** A link to set a new password. It lets nobody in by itself. */
  resetLink(actor: Actor, userId: string): Promise<Link>
  look(token: string): Promise<z.input<typeof resetOpen.response>>
  reset(
    input: z.output<typeof resetFinish.body>,
    address: string,
  ): Promise<{ username: string; atOnce: boolean }>
  /** Ends all other sessions, and goes on in this one under a new token. */
  change(
    session: Session,
    input: { readonly current: string; readonly password: string },
    from: From,
  ): Promise<{ token: string; session: Session; atOnce: boolean }>
  /** Shows the password once more; throws when it is wrong. */
  prove(session: Session, password: string): Promise<void>
}
export interface OwnPasswordsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly accounts: AccountLimiter
  readonly evictions: Pick<Evictions, 'now'>
}

export function ownPasswords(deps: OwnPasswordsDeps): OwnPasswords {
  const { db, clock, audit, sessions, passwords, accounts, evictions } = deps
  const opened = async (on: Kysely<DB>, token: string) => {
    const row = await linkStore(on).openReset(hashToken(token), clock.now())
    if (row) return row
    throw new AppError(
      'forbidden',
      'This link is not valid any more: it was used, replaced or is older than an hour. Ask an administrator for another one.',
    )
  }
  /** Whatever was begun with the old one ends. */
  const write = async (trx: Transaction<DB>, userId: string, hash: string, device?: string) => {
    const store = peopleStore(trx)
    await store.update(userId, { password_hash: hash, password_changed_at: clock.now() })
    await linkStore(trx).dropResets(userId)
    await store.dropChallenges(userId)
    await accounts.forgive(trx, userId, device)
  }
  /** Judges a person's own password, at the price of a place among the account's tries. */
  const prove = async (session: Session, field: string, password: string): Promise<UserRow> => {
    const user = await peopleStore(db).byId(session.userId)
    if (user === undefined) throw new AppError('unauthenticated', 'Sign in first.')
    if (user.password_hash === '')
      throw new AppError('conflict', 'Your account has no password. Sign in again where you always do.')
    const guess = await accounts.beginOwn(user.id)
    let fits: boolean
    try {
      fits = await passwords.verify(password, user.password_hash)
    } catch (err) {
      await guess.right()
      throw err
    }
    if (!fits) {
      const message = 'This is not your password.'
      throw new AppError('invalid', message, { fields: [{ path: field, message }] })
    }
    await guess.right()
    return user
  }

  return {
    async resetLink(actor, userId) {
      const token = newToken()
      const now = clock.now()
      await db.transaction().execute(async (trx) => {
        const { username } = await userIn(trx, userId)
        await linkStore(trx).replaceReset({
          token_hash: hashToken(token),
          user_id: userId,
          created_at: now,
          created_by: actor.name,
          expires_at: now + RESET_MS,
        })
        await emit(trx, 'user.changed', { userId, username, what: 'reset_link' }, now)
        await audit.record(trx, actor, {
          action: 'user.reset_link',
          subject: { kind: 'user', id: userId, name: username },
          words: `Made a link with which ${username} sets a new password`,
        })
      })
      return { path: `/reset#token=${token}`, token, expiresAt: now + RESET_MS }
    },

    async look(token) {
      const { username, expires_at } = await opened(db, token)
      return { username, expiresAt: expires_at }
    },

    async reset({ token, password }, address) {
      await opened(db, token)
      const hash = await passwords.hash(password)
      const { userId, username } = await db.transaction().execute(async (trx) => {
        // Looked at again: of two that hold the same link, one sets the password.
        const { user_id: userId, username } = await opened(trx, token)
        await write(trx, userId, hash)
        await sessions.endAllOf(trx, userId)
        await emit(trx, 'user.changed', { userId, username, what: 'password' }, clock.now())
        await audit.record(
          trx,
          { kind: 'user', id: userId, name: username, address },
          {
            action: 'user.reset_password',
            subject: { kind: 'user', id: userId, name: username },
            words: 'Set a new password with a link; all sessions ended',
          },
        )
        return { userId, username }
      })
      return { username, atOnce: await evictions.now({ person: userId }) }
    },

    async change(session, { current, password }, { address, device }) {
      const before = await prove(session, 'current', current)
      const hash = await passwords.hash(password)
      const { ended, rotated } = await db.transaction().execute(async (trx) => {
        const { id: userId, username, password_hash } = await userIn(trx, session.userId)
        if (password_hash !== before.password_hash)
          throw new AppError('stale', 'Your password was changed meanwhile.')
        await write(trx, userId, hash, device)
        const ended = await sessions.endAllOf(trx, userId, session.tokenHash)
        const now = clock.now()
        const rotated = await sessions.rotate(trx, session, { authAt: now })
        await emit(trx, 'user.changed', { userId, username, what: 'password' }, now)
        await audit.record(
          trx,
          { kind: 'user', id: userId, name: username, address },
          {
            action: 'user.password',
            subject: { kind: 'user', id: userId, name: username },
            words: 'Changed their password; all other sessions ended',
          },
        )
        return { ended, rotated }
      })
      const { token, ...now } = rotated
      const atOnce = await evictions.now(...ended.map((id) => ({ session: id })))
      return { token, session: now, atOnce }
    },

    async prove(session, password) {
      await prove(session, 'password', password)
    },
  }
}
