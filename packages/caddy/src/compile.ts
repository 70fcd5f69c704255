import { policiesIn } from './access.ts'
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
  /** Ids whose emitted form is a last good one and not what was saved. */
  readonly standIns: { readonly hosts: readonly string[]; readonly pools: readonly string[] }
}

/** One kind of object, compiled: what is emitted and which of it stands in. */
interface Made<T> {
  readonly all: Record<string, T>
  readonly standIns: readonly string[]
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
  const hosts = compileHosts(input, settings.panelDomain, (id) => Object.hasOwn(pools.all, id), refused)
  return {
    base: compileBase(settings, input.places, Object.values(hosts.all)),
    hosts: hosts.all,
    pools: pools.all,
    refused,
    standIns: { hosts: hosts.standIns, pools: pools.standIns },
  }
}

function compilePools({ pools, lastGood, rejected }: CompileInput, refused: Refusal[]): Made<Pool> {
  return make(byId(pools), rejected?.pools, (spec: PoolSpec) => {
    const result = compilePool(spec)
    if ('message' in result) refused.push(result)
    const last = own(lastGood.pools, spec.id)
    return {
      wanted: 'message' in result ? null : result,
      instead: () => (last ? standInPool(spec, last) : null),
    }
  })
}

function compileHosts(
  { hosts, policies, lastGood, rejected }: CompileInput,
  panelDomain: string,
  hasPool: (id: string) => boolean,
  refused: Refusal[],
): Made<Fragment> {
  const specs = byId(hosts)
  const taken = takenNames(specs, panelDomain)
  const known = policiesIn(policies)
  return make(specs, rejected?.hosts, (spec: HostSpec) => {
    const result = compileHost(spec, taken, hasPool, known)
    if ('message' in result) refused.push(result)
    const last = own(lastGood.hosts, spec.id)
    return {
      wanted: 'message' in result ? null : result,
      instead: () => (last ? standIn(spec, last, taken, hasPool, known) : null),
    }
  })
}

function make<S extends { readonly id: string }, T>(
  specs: readonly S[],
  rejected: Readonly<Record<string, string>> | undefined,
  one: (spec: S) => { wanted: T | null; instead: () => T | null },
): Made<T> {
  const standIns: string[] = []
  const all = specs.flatMap((spec): [string, T][] => {
    const { wanted, instead } = one(spec)
    if (wanted !== null && own(rejected, spec.id) !== JSON.stringify(wanted)) return [[spec.id, wanted]]
    const stand = instead()
    if (stand === null) return []
    standIns.push(spec.id)
    return [[spec.id, stand]]
  })
  return { all: Object.fromEntries(all), standIns }
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
