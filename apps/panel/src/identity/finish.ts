import type { Challenge } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import type { From, SessionMethod, Sessions } from './sessions.ts'
import { type UserRow, userStore } from './user.store.ts'

export interface SignedIn {
  /** For the cookie, and nowhere else. */
  readonly token: string
  readonly session: Session
}
export type Finished =
  | ({ readonly kind: 'signed_in' } & SignedIn)
  | { readonly kind: 'challenge'; readonly challenge: Challenge }

/** Where the page of a request is: passkeys work under the panel's own name only. */
export interface Asked {
  readonly origin: string | undefined
  readonly host: string | undefined
  readonly secure: boolean
}
export interface OidcSession {
  readonly sid: string | null
  /** Sealed. */
  readonly idToken: string | null
}
/** Somebody who has shown who they are. */
export interface Proven {
  readonly user: UserRow
  readonly method: SessionMethod
  readonly from: From
  /** The session that their browser brought; it ends. */
  readonly replaces: Session | null
  /** When they gave a second factor with it, as an OIDC provider may say. Null: none. */
  readonly factorAt: number | null
  readonly oidc?: OidcSession
}
export interface SecondFactor {
  /** What is asked for after the first proof; null when the account has no second factor. */
  challenge(trx: Transaction<DB>, proven: Proven, asked: Asked): Promise<Challenge | null>
}
type Prove<T> = (trx: Transaction<DB>) => Promise<T>

export interface Finish {
  /**
   * Runs `prove` in one transaction, and signs in there whom it answers, or asks them for their second factor. Every
   * way to sign in ends here, so that none goes around it.
   */
  signIn(asked: Asked, prove: Prove<Proven>): Promise<Finished>
  /** The same once nothing is left to ask for. `T` is what `prove` answers when it refuses. */
  complete<T>(prove: Prove<{ readonly proven: Proven } | T>): Promise<SignedIn | T>
}

export interface FinishDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly evictions: Pick<Evictions, 'now'>
  readonly secondFactor: SecondFactor
}

export function finisher({ db, clock, audit, sessions, evictions, secondFactor }: FinishDeps): Finish {
  const open = async (trx: Transaction<DB>, proven: Proven) => {
    const { user, method, from, replaces, factorAt, oidc } = proven
    if (replaces) await sessions.end(trx, replaces.tokenHash)
    const more = { factorAt, oidcSid: oidc?.sid ?? null, oidcIdToken: oidc?.idToken ?? null }
    const { token, tokenHash, id, dropped } = await sessions.open(trx, user.id, from, method, more)
    const now = clock.now()
    const { username, role } = user
    const session = { tokenHash, id, userId: user.id, username, role, authAt: now, factorAt, endsAt: now }
    await audit.record(
      trx,
      { kind: 'user', id: user.id, name: username, address: from.address },
      {
        action: 'login',
        subject: { kind: 'user', id: user.id, name: username },
        words: 'Signed in',
        after: { method, secondFactor: factorAt !== null },
      },
    )
    return { token, session, ended: [...dropped, ...(replaces ? [replaces.id] : [])] }
  }
  const evict = (ended: readonly string[]) => evictions.now(...ended.map((session) => ({ session })))

  return {
    async signIn(asked, prove) {
      const { ended, finished } = await db.transaction().execute(async (trx) => {
        const proven = await prove(trx)
        // What the provider vouches for counts as the second factor; else ours is asked for.
        const challenge = proven.factorAt === null ? await secondFactor.challenge(trx, proven, asked) : null
        if (challenge) return { ended: [], finished: { kind: 'challenge' as const, challenge } }
        const { token, session, ended } = await open(trx, proven)
        return { ended, finished: { kind: 'signed_in' as const, token, session } }
      })
      await evict(ended)
      return finished
    },
    async complete(prove) {
      const done = await db.transaction().execute(async (trx) => {
        const answer = await prove(trx)
        if (typeof answer !== 'object' || answer === null || !('proven' in answer)) return { refused: answer }
        return open(trx, answer.proven)
      })
      if ('refused' in done) return done.refused
      await evict(done.ended)
      return { token: done.token, session: done.session }
    },
  }
}

/** The account as it is now, disabled or not. */
export const personOf = (trx: Kysely<DB>, userId: string): Promise<UserRow | undefined> =>
  userStore(trx).byId(userId)

/** The account as it is now; undefined when it is gone or disabled. */
export async function accountOf(trx: Kysely<DB>, userId: string): Promise<UserRow | undefined> {
  const user = await personOf(trx, userId)
  return user?.disabled === 0 ? user : undefined
}
