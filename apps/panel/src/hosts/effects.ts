import type { HostInput, PoolInput, TlsMode } from '@argos/contract'
import { accessEffects, asksPeople, NO_SIGN_IN, whoGetsIn } from '../access/access-words.ts'
import { placeOf } from '../guard/url.ts'
import { listed } from '../words.ts'
import type { HostWithPool } from './settings-lines.ts'

/** One sentence a person could say for each effect of a change; of a new host when there is no `before`. */
export function effects(before: HostWithPool | null, after: HostWithPool): string[] {
  if (!before) return newHost(after)
  const words = [
    ...nameEffects(before.host.domains, after.host),
    ...stateEffects(before.host, after),
    ...accessEffects(
      after.host.domains[0] ?? '',
      [before.host.access, before.policies],
      [after.host.access, after.policies],
    ),
    ...tlsEffects(before.host, after.host),
    ...(inVain(before) ? [] : unreachable(after)),
    // Pools have names of their own: another name is another pool, not this one renamed.
    ...(before.pool.name === after.pool.name ? poolEffects : otherPool)(before.pool, after.pool),
    ...labelEffects(before.host, after.host),
  ]
  return words.length > 0 ? words : ['Nothing changes.']
}

function newHost({ host, pool, policies }: HostWithPool): string[] {
  const names = listed(host.domains)
  const one = host.domains.length === 1
  const answers = one ? 'answers' : 'answer'
  return [
    host.enabled
      ? `${names} ${answers} with what ${listed(places(pool)) || pool.name} serves.`
      : `${names} ${one ? 'stays' : 'stay'} paused: visitors get a 404 until ${one ? 'it is' : 'they are'} resumed.`,
    ...(host.enabled ? [gettingIn({ host, policies })] : []),
    ...accessEffects(
      host.domains[0] ?? '',
      [host.access.kind === 'public' ? host.access : { ...host.access, paths: [] }, policies],
      [host.access, policies],
    ),
    tlsWords(host.tls, host.domains),
    ...unreachable({ host, policies }),
    ...poolNotes(pool),
  ]
}

function nameEffects(before: readonly string[], { domains, tls }: HostWithPool['host']): string[] {
  const gone = before.filter((name) => !domains.includes(name))
  const come = domains.filter((name) => !before.includes(name))
  return [
    ...gone.map((name) => `${name} is not served from now on, and open connections to it end.`),
    ...come.map((name) => `${name} is served as well.`),
    ...(come.length > 0 && tls === 'auto' ? [tlsWords(tls, come)] : []),
    ...(gone.length === 0 && come.length === 0 && before[0] !== domains[0]
      ? [`${domains[0]} becomes the name it is listed under.`]
      : []),
  ]
}

function stateEffects(before: HostWithPool['host'], { host: after, policies }: HostWithPool): string[] {
  if (before.enabled === after.enabled) return []
  const are = `${listed(after.domains)} ${after.domains.length === 1 ? 'is' : 'are'}`
  return after.enabled
    ? [`${are} served again.`, gettingIn({ host: after, policies })]
    : [`${are} paused: visitors get a 404, and open connections end.`]
}

const gettingIn = ({ host, policies }: Pick<HostWithPool, 'host' | 'policies'>): string =>
  host.access.kind === 'public'
    ? 'Everyone who reaches the edge gets in.'
    : `It is open to ${whoGetsIn(host.access, policies)}.`

const inVain = ({ host, policies }: Pick<HostWithPool, 'host' | 'policies'>): boolean =>
  host.tls === 'none' && asksPeople(host.access, policies)
const unreachable = (after: Pick<HostWithPool, 'host' | 'policies'>): string[] =>
  inVain(after) ? [NO_SIGN_IN] : []

const tlsEffects = (before: HostWithPool['host'], after: HostWithPool['host']): string[] =>
  before.tls === after.tls ? [] : [tlsWords(after.tls, after.domains)]

function tlsWords(tls: TlsMode, names: readonly string[]): string {
  const its = names.length === 1 ? 'Its certificate comes' : 'Their certificates come'
  return {
    auto: `A certificate for ${listed(names)} is requested from the ACME CA.`,
    internal: `${its} from Argos' own CA: browsers warn until they trust it.`,
    none: 'It is served in plain HTTP only, readable on the way.',
  }[tls]
}

function otherPool(before: PoolInput, after: PoolInput): string[] {
  const to = listed(places(after))
  return [
    to === ''
      ? `The pool ${after.name} takes its place; none of its targets is switched on: visitors get a 503.`
      : `Requests go to the pool ${after.name} instead of ${before.name}: to ${to}. Open ones run on.`,
    ...(before.protocol !== after.protocol || before.verifyTls !== after.verifyTls ? speaks(after) : []),
  ]
}

export function poolEffects(before: PoolInput, after: PoolInput): string[] {
  const [was, is] = [places(before), places(after)]
  const moved = was.toSorted().join() !== is.toSorted().join()
  const come = is.filter((p) => !was.includes(p))
  const gone = was.filter((p) => !is.includes(p))
  const weights = (pool: PoolInput) => JSON.stringify(pool.targets.map((t) => [t.address, t.port, t.weight]))
  return [
    ...(moved && come.length > 0 ? [`Requests also go to ${listed(come)}.`] : []),
    ...(moved && gone.length > 0 ? [`No more requests go to ${listed(gone)}; open ones run on.`] : []),
    ...(moved && is.length === 0 ? ['No target is switched on: visitors get a 503.'] : []),
    ...(!moved && weights(before) !== weights(after) ? ['Requests are shared out differently.'] : []),
    ...(before.protocol !== after.protocol || before.verifyTls !== after.verifyTls ? speaks(after) : []),
    ...(before.preserveHost === after.preserveHost
      ? []
      : [
          after.preserveHost
            ? "Targets see the visitor's Host header."
            : 'Targets see their own address as Host.',
        ]),
    ...(JSON.stringify(before.health) === JSON.stringify(after.health) ? [] : [checked(after.health)]),
    ...(before.name === after.name ? [] : [`The pool is called ${after.name}.`]),
  ]
}

const speaks = ({ protocol, verifyTls }: PoolInput): string[] =>
  protocol === 'http'
    ? ['Targets are asked in plain HTTP.']
    : [`Targets are asked over HTTPS; their certificate is ${verifyTls ? 'checked' : 'not checked'}.`]

const checked = ({ kind, path, intervalS }: PoolInput['health']): string =>
  kind === 'off'
    ? 'Targets are no longer checked: one that is down gets its share of requests.'
    : `Each target is checked every ${intervalS} s${kind === 'http' ? ` with a request for ${path}` : ''}.`

const poolNotes = (pool: PoolInput): string[] =>
  pool.protocol === 'https' && !pool.verifyTls ? ["The target's certificate is not checked."] : []

function labelEffects(before: HostWithPool['host'], after: HostWithPool['host']): string[] {
  const tags = (host: Pick<HostInput, 'tags'>) => host.tags.toSorted().join('\n')
  return [
    ...(tags(before) === tags(after)
      ? []
      : [after.tags.length === 0 ? 'It has no tags.' : `It is tagged ${listed(after.tags)}.`]),
    ...(before.note === after.note ? [] : ['Its note changes.']),
  ]
}

const places = (pool: PoolInput): string[] =>
  pool.targets.filter((t) => t.enabled).map((t) => placeOf(t.address, t.port))
