import type { Host } from '@argos/contract'
import { hostName, type Light, parentDomain } from '../../lib/host.ts'
import type { State } from '../../ui/StateGlyph.tsx'
import { hostState, worstHost } from '../overview/attention.ts'

export const views = ['', 'attention', 'public', 'paused'] as const
export type View = (typeof views)[number]
export const viewLabels: Record<View, string> = {
  '': 'All',
  attention: 'Needs attention',
  public: 'Public',
  paused: 'Paused',
}

/** Everything the list's address can say. */
export interface Listing {
  readonly q: string
  readonly tags: readonly string[]
  readonly view: View
  /** Hosts in any of these states; none is every one. */
  readonly states: readonly HostState[]
  /** Hosts that are `public`, or have one of these policies; none is every one. */
  readonly access: readonly string[]
  readonly sort: Sort
  /** Group rows by parent domain. */
  readonly grouped: boolean
  /** The saved view it began from, or an empty text. */
  readonly saved: string
}
export const hostStates = ['bad', 'warn', 'busy', 'unknown', 'ok', 'off'] as const satisfies readonly State[]
export type HostState = (typeof hostStates)[number]
/** As a chip says them. */
export const stateLabels: Record<HostState, string> = {
  bad: 'failing',
  warn: 'needs you',
  busy: 'going live',
  unknown: 'not known',
  ok: 'serving',
  off: 'paused',
}
export const sortKeys = ['name', 'saved', 'edge', 'upstream', 'tls'] as const
export type SortKey = (typeof sortKeys)[number]
export interface Sort {
  readonly key: SortKey
  readonly desc: boolean
}

/** "-saved" → newest saved first. An unknown key sorts by name. */
export function parseSort(text: string): Sort {
  const desc = text.startsWith('-')
  const key = sortKeys.find((k) => k === text.replace(/^-/, ''))
  return key ? { key, desc } : { key: 'name', desc: false }
}
export const sortText = ({ key, desc }: Sort): string =>
  key === 'name' && !desc ? '' : `${desc ? '-' : ''}${key}`
/** First press sorts up, the second down. */
export const pressSort = (now: Sort, key: SortKey): Sort => ({ key, desc: now.key === key && !now.desc })

export const inView = (host: Host, view: View): boolean => {
  if (view === '') return true
  const state = hostState(host)
  if (view === 'public') return host.access.kind === 'public' && state !== 'off'
  return view === 'paused' ? state === 'off' : state === 'bad' || state === 'warn'
}

/** The policy of a host, or `public`. */
export const accessOf = ({ access }: Pick<Host, 'access'>): string =>
  access.kind === 'public' ? 'public' : access.policyId

/** Every word must stand somewhere in the names, pool, targets, tags or note. */
export function matches(host: Host, q: string): boolean {
  const text = [host.domains, host.poolName, host.state.targets.map((t) => t.dial), host.tags, host.note]
    .flat()
    .join('\n')
    .toLowerCase()
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

const edgeOrder: readonly Host['state']['edge'][] = [
  'refused',
  'drifted',
  'unknown',
  'applying',
  'off',
  'live',
]
const upstreamOrder: readonly Host['state']['upstream'][] = ['down', 'degraded', 'unknown', 'up']

const compareNames = (a: Host, b: Host) => hostName(a).localeCompare(hostName(b), 'en', { numeric: true })
const compare: Record<SortKey, (a: Host, b: Host) => number> = {
  name: compareNames,
  saved: (a, b) => a.updatedAt - b.updatedAt,
  edge: (a, b) => edgeOrder.indexOf(a.state.edge) - edgeOrder.indexOf(b.state.edge),
  upstream: (a, b) => upstreamOrder.indexOf(a.state.upstream) - upstreamOrder.indexOf(b.state.upstream),
  tls: (a, b) =>
    (a.state.certificate.notAfter ?? Number.MAX_SAFE_INTEGER) -
    (b.state.certificate.notAfter ?? Number.MAX_SAFE_INTEGER),
}

/** The hosts the address asks for, in its order; equal ones by name. */
export function listed(
  hosts: readonly Host[],
  { q, tags, view, states, access, sort }: Listing,
): readonly Host[] {
  const turn = sort.desc ? -1 : 1
  return hosts
    .filter((h) => inView(h, view) && tags.every((tag) => h.tags.includes(tag)) && matches(h, q.trim()))
    .filter((h) => states.length === 0 || states.some((state) => state === hostState(h)))
    .filter((h) => access.length === 0 || access.includes(accessOf(h)))
    .toSorted((a, b) => turn * compare[sort.key](a, b) || compareNames(a, b))
}

export type Row =
  | {
      readonly kind: 'group'
      readonly domain: string
      readonly hosts: readonly Host[]
      readonly folded: boolean
    }
  | { readonly kind: 'host'; readonly host: Host }

/** Rows to draw: group heads with their hosts below, or only hosts. */
export function rowsOf(
  hosts: readonly Host[],
  grouped: boolean,
  folded: ReadonlySet<string>,
): readonly Row[] {
  const row = (host: Host): Row => ({ kind: 'host', host })
  if (!grouped) return hosts.map(row)
  const groups = Map.groupBy(hosts, (host) => parentDomain(hostName(host)))
  return [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .flatMap(([domain, members]): Row[] => {
      const closed = folded.has(domain)
      const head: Row = { kind: 'group', domain, hosts: members, folded: closed }
      return closed ? [head] : [head, ...members.map(row)]
    })
}

/** "1 fails", "2 need you", or nothing when the group is well. */
export function groupTrouble(hosts: readonly Host[]): Light | null {
  const worst = worstHost(hosts)
  if (worst === null) return null
  const n = hosts.filter((host) => hostState(host) === worst).length
  if (worst === 'bad') return { state: worst, words: n === 1 ? '1 fails' : `${n} fail` }
  return { state: worst, words: n === 1 ? '1 needs you' : `${n} need you` }
}
