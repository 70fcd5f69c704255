import { type OidcPurpose, OidcReturn } from '@argos/contract'
import { type SealBroken, secretbox, subkey } from '@argos/secretbox'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { hashToken, newToken, sameText } from '../secrets.ts'

export const STATE_MS = 10 * 60_000
/** Browsers keep cookies of 4 kB, name and attributes included. */
const MOST_CHARS = 3_800
const MOST_USED = 50_000

const Begun = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Settings that change meanwhile make it worthless. */
  issuer: z.string(),
  clientId: z.string(),
  purpose: z.enum(['sign_in', 'link', 'again']),
  /** For whom, when somebody signed in has begun it. */
  session: z.string().nullable(),
  authorize: OidcReturn.nullable(),
  until: z.number(),
})
export type Begun = z.infer<typeof Begun>

const place = { table: 'cookie', column: 'oidc', row: 'state' } as const

/**
 * What was begun stands sealed in a cookie of the browser that began it, so that a hundred thousand beginnings take no
 * memory here (OI-20), and no other browser can finish them (OI-15).
 */
export interface States {
  begin(of: {
    issuer: string
    clientId: string
    purpose: OidcPurpose
    session: string | null
    authorize: OidcReturn | null
  }): { begun: Begun; cookie: string }
  /** Opens it for the provider's answer, once (OI-14). */
  take(cookie: string | undefined, state: string | undefined): Begun
  /** How many are remembered: finished ones, until their end. */
  readonly size: number
}

export function states({ masterKey, clock }: { masterKey: Buffer; clock: Clock }): States {
  const box = secretbox(subkey(masterKey, 'oidc state'))
  /** Only states that were ours get in, each until its end. */
  const used = new Map<string, number>()
  // Those used before it are forgotten; so none of them is taken.
  const startedAt = clock.now()

  const opened = (cookie: string): Begun | null => {
    try {
      return Begun.parse(JSON.parse(box.open(place, cookie)))
    } catch (err) {
      if ((err as SealBroken).name === 'SealBroken') return null
      throw err
    }
  }

  return {
    get size() {
      return used.size
    },
    begin(of) {
      const begun: Begun = {
        ...of,
        state: newToken(),
        nonce: newToken(),
        verifier: newToken(),
        until: clock.now() + STATE_MS,
      }
      const cookie = box.seal(place, JSON.stringify(begun))
      if (cookie.length <= MOST_CHARS || begun.authorize === null) return { begun, cookie }
      // Better the front page of the host than none.
      const shorter = { ...begun, authorize: { ...begun.authorize, rd: '/' } }
      return { begun: shorter, cookie: box.seal(place, JSON.stringify(shorter)) }
    },

    take(cookie, state) {
      const begun = cookie === undefined ? null : opened(cookie)
      if (begun === null || state === undefined || !sameText(begun.state, state)) throw elsewhere()
      const now = clock.now()
      if (now >= begun.until || begun.until - STATE_MS < startedAt) throw over()
      const key = hashToken(begun.state).slice(0, 32)
      if (used.has(key)) throw over()
      if (used.size >= MOST_USED) for (const [old, until] of used) if (until <= now) used.delete(old)
      if (used.size >= MOST_USED)
        throw new AppError('busy', 'Too many people sign in this way at once. Try again.', {
          retryAfterS: 60,
        })
      used.set(key, begun.until)
      return begun
    },
  }
}

const elsewhere = () =>
  new AppError(
    'unauthenticated',
    'This sign-in was not begun in this browser, or another was begun since. Begin it here once more.',
  )
const over = () =>
  new AppError(
    'unauthenticated',
    'This sign-in is over: it took too long, or was finished already. Begin once more.',
  )
