import { type Base, compileBase } from './base.ts'
import type { CompileInput, HostSpec, PoolSpec, Refusal } from './desired.ts'
import type { Fragment, Pool } from './fragment.ts'
import { compileHost, standIn, type Taken } from './host.ts'
import { isCanonicalName } from './names.ts'
import { compilePool, standInPool } from './pool.ts'

export interface Compiled {
  /** Everything but hosts and pools: changing it takes a load. */
  readonly base: Base
  readonly hosts: Readonly<Record<string, Fragment>>
  readonly pools: Readonly<Record<string, Pool>>
  /** What is not as it was saved, and why. Its last good form, if it has one, stands in. */
  readonly refused: readonly Refusal[]
}

/**
 * Desired state to the edge's configuration. Pure: the same input gives the same bytes, whatever the order of hosts
 * and pools; it never throws. What cannot be compiled is refused alone.
 */
export function compile(input: CompileInput): Compiled {
  const refused: Refusal[] = []
  const settings = { ...input.settings }
  if (settings.panelDomain !== '' && !isCanonicalName(settings.panelDomain)) {
    refused.push(badPanelDomain(settings.panelDomain))
    settings.panelDomain = ''
  }
  const pools = compilePools(input, refused)
  const hosts = compileHosts(input, settings.panelDomain, (id) => Object.hasOwn(pools, id), refused)
  return { base: compileBase(settings, input.places, Object.values(hosts)), hosts, pools, refused }
}

function compilePools({ pools, lastGood, rejected }: CompileInput, refused: Refusal[]): Record<string, Pool> {
  const made = byId(pools).flatMap((spec: PoolSpec): [string, Pool][] => {
    const result = compilePool(spec)
    const last = own(lastGood.pools, spec.id)
    if ('message' in result) {
      refused.push(result)
      return last ? [[spec.id, standInPool(spec, last)]] : []
    }
    if (last && own(rejected?.pools, spec.id) === JSON.stringify(result))
      return [[spec.id, standInPool(spec, last)]]
    return [[spec.id, result]]
  })
  return Object.fromEntries(made)
}

function compileHosts(
  { hosts, lastGood, rejected }: CompileInput,
  panelDomain: string,
  hasPool: (id: string) => boolean,
  refused: Refusal[],
): Record<string, Fragment> {
  const specs = byId(hosts)
  const taken = takenNames(specs, panelDomain)
  const made = specs.flatMap((spec): [string, Fragment][] => {
    const result = compileHost(spec, taken, hasPool)
    const wrong = 'message' in result
    if (wrong) refused.push(result)
    else if (own(rejected?.hosts, spec.id) !== JSON.stringify(result)) return [[spec.id, result]]
    const last = own(lastGood.hosts, spec.id)
    const instead = last ? standIn(spec, last, taken, hasPool) : null
    return instead ? [[spec.id, instead]] : []
  })
  return Object.fromEntries(made)
}

/** The panel's own name goes before any host's; between hosts the smaller id wins. */
function takenNames(specs: readonly HostSpec[], panelDomain: string): Taken {
  const owners = new Map<string, string>()
  for (const spec of specs) for (const name of spec.domains) if (!owners.has(name)) owners.set(name, spec.id)
  return {
    by: (name, hostId) => {
      if (panelDomain !== '' && name === panelDomain) return 'the panel'
      const owner = owners.get(name)
      return owner === undefined || owner === hostId ? null : 'another host'
    },
  }
}

const badPanelDomain = (name: string): Refusal => ({
  kind: 'settings',
  id: 'settings',
  message: `\`${name}\` is not a name that can be published.`,
  field: 'panelDomain',
})

/** By id, each id once: the order of rows must not reach the bytes. */
const byId = <T extends { readonly id: string }>(things: readonly T[]): T[] =>
  [...new Map(things.map((t) => [t.id, t])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined
