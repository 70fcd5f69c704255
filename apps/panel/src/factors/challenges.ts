import type { Challenge, FactorMethod, FactorProof, PasskeyAssertion } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Session } from '../http/visitor.ts'
import {
  type Asked,
  accountOf,
  type Finish,
  type OidcSession,
  type Proven,
  type SecondFactor,
  type SignedIn,
} from '../identity/finish.ts'
import type { From } from '../identity/sessions.ts'
import { hashToken, looksLikeToken, newToken } from '../secrets.ts'
import { type FactorBudget, tooManyCodes } from './budget.ts'
import { challengeStore } from './challenge.store.ts'
import type { Passkeys } from './passkeys.ts'
import type { Places } from './place.ts'
import { hasFactor, methodsOf, type Prover } from './prover.ts'
import { wrongProof } from './words.ts'

const CHALLENGE_MS = 5 * 60_000
const PER_PERSON = 10

/** What the sign-in was when it was half done. */
interface State {
  /** Tells whether the password is still the one it began with. */
  readonly password: string
  readonly oidc: OidcSession | null
}
export interface Browser {
  readonly asked: Asked
  readonly from: From
  readonly replaces: Session | null
}
export interface ChallengeView {
  readonly methods: FactorMethod[]
  readonly expiresAt: number
  readonly passkey: Record<string, unknown> | null
}
export interface FactorLogin {
  view(id: string, asked: Asked): Promise<ChallengeView>
  /** Finishes a sign-in that waits. */
  finish(id: string, proof: FactorProof, browser: Browser): Promise<SignedIn>
  passkeyOptions(asked: Asked): Promise<Record<string, unknown> | null>
  /** A passkey alone: it says who it is, and has checked that it is them. */
  byPasskey(assertion: PasskeyAssertion, browser: Browser): Promise<SignedIn>
}

/** The half that `finish` needs: it begins a challenge. */
export function secondFactor({
  clock,
  places,
  prover,
}: {
  clock: Clock
  places: Places
  prover: Prover
}): SecondFactor {
  return {
    async challenge(trx, { user, method, oidc }: Proven, asked): Promise<Challenge | null> {
      const owned = await prover.owned(trx, user.id, await places.at(asked, trx))
      if (!hasFactor(owned)) return null
      const methods = methodsOf(owned)
      if (methods.length === 0)
        throw new AppError('forbidden', `Your account asks for a passkey. ${await places.problem(trx)}`)
      const id = newToken()
      const now = clock.now()
      const expiresAt = now + CHALLENGE_MS
      const state: State = { password: hashToken(user.password_hash), oidc: oidc ?? null }
      await challengeStore(trx).insert(
        {
          id_hash: hashToken(id),
          user_id: user.id,
          created_at: now,
          expires_at: expiresAt,
          method: method === 'oidc' ? 'oidc' : 'password',
          state: JSON.stringify(state),
        },
        PER_PERSON,
      )
      return { id, methods, expiresAt }
    },
  }
}

export interface FactorLoginDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly places: Places
  readonly prover: Prover
  readonly passkeys: Passkeys
  readonly budget: FactorBudget
  readonly finish: Finish
}

export function factorLogin(deps: FactorLoginDeps): FactorLogin {
  const { db, clock, places, prover, passkeys, budget, finish } = deps

  /** The challenge with its person, while both are as they were. */
  const waiting = async (trx: Kysely<DB>, id: string) => {
    const row = looksLikeToken(id) ? await challengeStore(trx).find(hashToken(id), clock.now()) : undefined
    const user = row && (await accountOf(trx, row.user_id))
    if (row === undefined || user === undefined) throw over()
    const state = JSON.parse(row.state) as State
    if (state.password !== hashToken(user.password_hash)) throw over()
    return { row, user, state }
  }

  return {
    async view(id, asked) {
      const { row } = await waiting(db, id)
      const place = await places.at(asked)
      const purpose = challengePurpose(row.id_hash)
      return {
        methods: methodsOf(await prover.owned(db, row.user_id, place)),
        expiresAt: row.expires_at,
        passkey: place === null ? null : await passkeys.askFor({ person: row.user_id, purpose, place }),
      }
    },

    async finish(id, proof, { asked, from, replaces }) {
      const before = await waiting(db, id)
      const purpose = challengePurpose(before.row.id_hash)
      const prepared = await prover.prepare(before.user.id, proof, purpose, await places.at(asked))
      const done = await finish.complete<{ readonly waitMs: number }>(async (trx) => {
        const { row, user, state } = await waiting(trx, id)
        const guess = prepared.method === 'passkey' ? null : await budget.take(trx, user, from.address)
        if (!(await prover.check(trx, user, prepared))) {
          const { username } = user
          await emit(trx, 'login.failed', { username, address: from.address }, clock.now())
          const waitMs = guess ? await guess.failed(trx) : 0
          if (waitMs > 0) await challengeStore(trx).dropAllOf(user.id)
          return { waitMs }
        }
        await guess?.right(trx)
        if (!(await challengeStore(trx).take(row.id_hash))) throw over()
        const oidc = state.oidc ? { oidc: state.oidc } : {}
        return { proven: { user, method: row.method, from, replaces, factorAt: clock.now(), ...oidc } }
      })
      if (!('waitMs' in done)) return done
      throw done.waitMs > 0 ? tooManyCodes(done.waitMs) : wrongProof(prepared.method)
    },

    async passkeyOptions(asked) {
      const place = await places.at(asked)
      return place === null ? null : passkeys.askFor({ person: null, purpose: ALONE, place })
    },

    async byPasskey(assertion, { asked, from, replaces }) {
      const place = await places.at(asked)
      if (place === null) throw new AppError('forbidden', await places.problem())
      const asserted = await passkeys.verify(assertion, { person: null, purpose: ALONE, place })
      const refused = new AppError(
        'unauthenticated',
        'This passkey does not sign in here. Use another one, or your password.',
      )
      if (asserted === null) throw refused
      const done = await finish.complete<null>(async (trx) => {
        const user = await accountOf(trx, asserted.passkey.user_id)
        if (user === undefined || !(await passkeys.consume(trx, asserted))) return null
        return { proven: { user, method: 'passkey', from, replaces, factorAt: clock.now() } }
      })
      if (done === null) throw refused
      return done
    },
  }
}

const ALONE = 'login'
const challengePurpose = (idHash: string) => `challenge ${idHash}`

const over = () =>
  new AppError('unauthenticated', 'This sign-in has run out or was finished. Begin again with your password.')
