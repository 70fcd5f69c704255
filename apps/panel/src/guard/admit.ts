import { type Network, type Reach, reachOf } from './address.ts'
import { GuardError } from './error.ts'
import type { OwnPlaces } from './places.ts'
import { placeOf } from './url.ts'

/** What a call reached that is not on the Internet: to be written into the audit by whoever made the call. */
export interface Inside {
  readonly host: string
  readonly port: number
  readonly address: string
  readonly reach: Reach
  /** The entry of the allow-list that let it through, or null: the operator entered the address. */
  readonly allowedBy: string | null
}

/**
 * How far a call may go. `public`: the Internet only. `operator`: also private networks, for what an operator
 * entered. `upstream`: also this machine, for probing a service before it is published; never for anything else.
 */
export type Policy =
  | { readonly reach: 'public'; readonly onInside?: (inside: Inside) => Promise<void> | void }
  | { readonly reach: 'operator' | 'upstream'; readonly onInside: (inside: Inside) => Promise<void> | void }

export interface Admitted {
  readonly address: string
  readonly reach: Reach
  readonly allowedBy: string | null
}

export interface AdmitDeps {
  own: OwnPlaces
  /** Networks that are reachable whatever the policy says, link-local and metadata services excepted (SS-05). */
  allow: readonly Network[]
}

const within: Readonly<Record<Policy['reach'], readonly Reach[]>> = {
  public: ['public'],
  operator: ['public', 'private'],
  upstream: ['public', 'private', 'loopback'],
}

/** The addresses of a host that this call may connect to; throws when none is left. */
export function admit(
  { own, allow }: AdmitDeps,
  {
    host,
    port,
    addresses,
    reach,
  }: { host: string; port: number; addresses: readonly string[]; reach: Policy['reach'] },
): readonly [Admitted, ...Admitted[]] {
  const admitted = addresses.flatMap((address): Admitted[] => {
    const kind = reachOf(address)
    if (kind === 'never' || own.isOurs(address, port)) return []
    if (within[reach].includes(kind)) return [{ address, reach: kind, allowedBy: null }]
    const network = allow.find((n) => n.contains(address))
    return network ? [{ address, reach: kind, allowedBy: network.cidr }] : []
  })
  const [first, ...rest] = admitted
  if (!first) throw new GuardError('address', refusal(own, host, port, addresses))
  return [first, ...rest]
}

function refusal(own: OwnPlaces, host: string, port: number, addresses: readonly string[]): string {
  const place = placeOf(host, port)
  if (addresses.some((a) => own.isOurs(a, port))) return `${place} is Argos itself.`
  const [first = host] = addresses
  const to = first === host ? place : `${place} leads to ${first}, which`
  return {
    never: `${to} is an address that services are never called on (link-local, metadata or none).`,
    loopback: `${to} is this machine itself; only upstreams may be there.`,
    private: `${to} is in a private network; this may only call addresses on the Internet.`,
    public: `${to} may not be called.`,
  }[reachOf(first)]
}
