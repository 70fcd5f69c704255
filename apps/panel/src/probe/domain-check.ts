import { canonicalName, type DomainCheck } from '@argos/contract'
import { AppError } from '../errors.ts'
import { reachOf } from '../guard/address.ts'
import { GuardError } from '../guard/error.ts'
import type { OwnPlaces } from '../guard/places.ts'
import { addressesOf, type Resolve } from '../guard/resolve.ts'

/** Who has a name already. */
export type NameOwner =
  | { readonly kind: 'host'; readonly hostId: string; readonly name: string }
  | { readonly kind: 'panel' }

export interface DomainCheckDeps {
  own: OwnPlaces
  resolve: Resolve
  ownerOf: (name: string) => Promise<NameOwner | null>
  timeoutMs?: number
}

/** Where a name leads, as this machine's resolver sees it, and whether somebody has it already. */
export function domainChecker({ own, resolve, ownerOf, timeoutMs = 3_000 }: DomainCheckDeps) {
  return async ({
    name: typed,
    hostId,
  }: {
    name: string
    hostId?: string | undefined
  }): Promise<DomainCheck> => {
    const canonical = canonicalName(typed)
    if (!canonical.ok)
      throw new AppError('invalid', canonical.reason, {
        fields: [{ path: 'name', message: canonical.reason }],
      })
    const { name } = canonical
    const owner = await ownerOf(name)
    // A wildcard has no address of its own; any name under it shows where the record leads.
    const asked = name.startsWith('*.') ? `argos-check${name.slice(1)}` : name
    const found = await addressesOf(asked, resolve, AbortSignal.timeout(timeoutMs)).catch(none)
    const addresses = found.map((address) => ({ address, thisMachine: isHere(own, address) }))
    const taken = owner?.kind === 'host' && owner.hostId !== hostId ? owner : null
    return {
      name,
      ok: addresses.some((a) => a.thisMachine !== false) && taken === null && owner?.kind !== 'panel',
      addresses,
      takenBy: taken && { hostId: taken.hostId, name: taken.name },
      message: message(name, owner?.kind === 'panel', taken?.name ?? null, addresses),
    }
  }
}

/** Null where it cannot be known from here: a public address may be the router in front of this machine. */
function isHere(own: OwnPlaces, address: string): boolean | null {
  if (own.isLocal(address)) return true
  return reachOf(address) === 'public' ? null : false
}

function message(
  name: string,
  isPanel: boolean,
  takenBy: string | null,
  addresses: readonly { address: string; thisMachine: boolean | null }[],
): string {
  if (isPanel) return `${name} is the panel's own name. Enter another one.`
  if (takenBy !== null)
    return takenBy === name ? `${name} is published already.` : `${name} belongs to ${takenBy} already.`
  const [first] = addresses
  if (!first) return `${name} has no address in DNS yet. Make a record that leads to this machine.`
  const to = addresses.map((a) => a.address).join(', ')
  const elsewhere = addresses.find((a) => a.thisMachine === false)
  if (addresses.some((a) => a.thisMachine === true))
    return elsewhere
      ? `${name} points to this machine and also to ${elsewhere.address}, which is another one.`
      : `${name} points to this machine.`
  if (addresses.every((a) => a.thisMachine === false))
    return `${name} points to ${to}, which is another machine. Change its record to this one.`
  return `${name} points to ${to}, which may lead here: if it is your router's address, let it forward the ports of the edge to this machine.`
}

function none(err: unknown): readonly string[] {
  if (err instanceof GuardError && err.reason === 'unresolved') return []
  throw err
}
