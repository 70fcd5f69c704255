import { createHash, createHmac, randomBytes } from 'node:crypto'
import { subkey } from '@argos/secretbox'
import type { Clock } from '../clock.ts'
import { sameText } from '../secrets.ts'

/** How old a proof may be. */
export const PROOF_MS = 30_000
const SCHEME = 'Argos-Proof'
const header =
  /^Argos-Proof name="([A-Za-z0-9%._~!'()*-]{1,300})", at=(\d{13}), nonce=([A-Za-z0-9_-]{22}), body=([0-9a-f]{64}), mac=([A-Za-z0-9_-]{43})$/

/** What is proven: that somebody who holds the master key meant this one request. */
interface Claim {
  readonly method: string
  /** As it stands in the request line, query included. */
  readonly path: string
  /** SHA-256 of the body, or of nothing. */
  readonly bodyHash: string
  readonly name: string
  readonly at: number
  readonly nonce: string
}

/** Who sent a proven request. What is read as its body must have this hash. */
export interface Proven {
  readonly name: string
  readonly bodyHash: string
}

export const hashOfBody = (body: string): string => createHash('sha256').update(body).digest('hex')

const proofKey = (masterKey: Buffer): Buffer => subkey(masterKey, 'command line')

/** None of the parts has a line break, so that no two claims are the same text. */
const macOf = (key: Buffer, { method, path, bodyHash, name, at, nonce }: Claim): string =>
  createHmac('sha256', key)
    .update(['argos proof 1', method, path, bodyHash, encodeURIComponent(name), at, nonce].join('\n'))
    .digest('base64url')

/** The `Authorization` header of one request of the command line's. It is good for one use, now. */
export function proofOf(
  masterKey: Buffer,
  request: { readonly method: string; readonly path: string; readonly body: string | undefined },
  name: string,
  now: number,
): string {
  const { method, path, body = '' } = request
  const nonce = randomBytes(16).toString('base64url')
  const claim = { method, path, bodyHash: hashOfBody(body), name, at: now, nonce }
  const mac = macOf(proofKey(masterKey), claim)
  return `${SCHEME} name="${encodeURIComponent(name)}", at=${now}, nonce=${nonce}, body=${claim.bodyHash}, mac=${mac}`
}

export const claimsProof = (authorization: string | undefined): authorization is string =>
  /^argos-proof/i.test(authorization ?? '')

export interface Proofs {
  /** Takes a proof, once; null when it is forged, used, too old, from the future, or from before this panel's start. */
  take(request: { method: string; path: string; authorization: string }): Proven | null
}

export function proofService({ masterKey, clock }: { masterKey: Buffer; clock: Clock }): Proofs {
  const key = proofKey(masterKey)
  // Those used before it are forgotten; so none of them is taken.
  const startedAt = clock.now()
  /** Used ones, with the moment from which their age alone refuses them. Only valid proofs get in. */
  const used = new Map<string, number>()

  return {
    take({ method, path, authorization }) {
      const [, encoded = '', time = '', nonce = '', bodyHash = '', mac = ''] =
        header.exec(authorization) ?? []
      const name = decoded(encoded)
      if (name === null) return null
      const at = Number(time)
      if (!sameText(macOf(key, { method, path, bodyHash, name, at, nonce }), mac)) return null
      const now = clock.now()
      // Both clocks are this machine's, so there is nothing to allow for.
      if (at > now || now - at > PROOF_MS || at < startedAt || used.has(nonce)) return null
      for (const [old, until] of used) if (until < now) used.delete(old)
      used.set(nonce, at + PROOF_MS)
      return { name, bodyHash }
    },
  }
}

function decoded(encoded: string): string | null {
  try {
    const name = decodeURIComponent(encoded)
    return /^[^\p{Cc}]{1,64}$/u.test(name) ? name : null
  } catch {
    return null
  }
}
