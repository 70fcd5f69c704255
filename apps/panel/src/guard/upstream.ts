import { isIP } from 'node:net'
import { reachOf } from './address.ts'
import { GuardError } from './error.ts'
import type { OwnPlaces } from './places.ts'
import { addressesOf, type Resolve, systemResolve } from './resolve.ts'
import { placeOf } from './url.ts'

export type UpstreamVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly field: 'address' | 'port'; readonly message: string }
  /** Not a reason to refuse: it may be asleep, and its host answers 502 meanwhile (F2). */
  | { readonly kind: 'unresolved'; readonly message: string }

export interface UpstreamGuardDeps {
  own: OwnPlaces
  resolve?: Resolve
  /** How long a save waits for a resolver. */
  timeoutMs?: number
}

export type UpstreamGuard = (target: { address: string; port: number }) => Promise<UpstreamVerdict>

/** Whether a target may stand behind a host: resolved, and neither Argos itself nor a metadata service (CF-15). */
export function upstreamGuard({
  own,
  resolve = systemResolve,
  timeoutMs = 2_000,
}: UpstreamGuardDeps): UpstreamGuard {
  return async ({ address, port }) => {
    const spelled = misspelled(address)
    if (spelled) return { kind: 'refused', field: 'address', message: spelled }
    const found = await addressesOf(address, resolve, AbortSignal.timeout(timeoutMs)).catch(unresolved)
    if (!Array.isArray(found)) return { kind: 'unresolved', message: unresolvedWords(address) }
    const place = placeOf(address, port)
    if (found.some((a) => own.isOurs(a, port)))
      return {
        kind: 'refused',
        field: 'port',
        message: `${place} is Argos itself; a host would call itself in a circle. Enter the service's own port.`,
      }
    const never = found.find((a) => reachOf(a) === 'never')
    if (never === undefined) return { kind: 'ok' }
    const leads = never === address ? address : `${address} leads to ${never}, which`
    return {
      kind: 'refused',
      field: 'address',
      message: `${leads} is no address of a service (link-local, metadata or none). Enter the address the service listens on.`,
    }
  }
}

function unresolved(err: unknown): null {
  if (err instanceof GuardError && err.reason === 'unresolved') return null
  throw err
}

const unresolvedWords = (address: string): string =>
  `${address} has no address in DNS now. Until it has, visitors get a 502.`

/** Spellings that some resolvers take for an address and others for a name. */
function misspelled(address: string): string | null {
  if (isIP(address) === 4) return null
  if (isIP(address) === 6)
    return /^::ffff:|^(0+:){5}ffff:/i.test(address)
      ? 'Write an IPv4 address as four numbers, not inside an IPv6 one.'
      : null
  if (address.includes(':')) return `\`${address}\` is not an IPv6 address.`
  if (/^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?$/i.test(address))
    return `\`${address}\` is not an address. Write it as four numbers, such as 192.168.1.20.`
  if (!/^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?$/i.test(address))
    return `\`${address}\` is not a name that can stand in DNS.`
  return null
}
