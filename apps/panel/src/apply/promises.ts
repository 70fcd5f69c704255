import type { DesiredState, HostSpec, TlsMode } from '@argos/caddy'
import type { HeldPromise } from '../changes/pending.store.ts'
import { concerned } from './concerned.ts'
import { someNameOf } from './probe.ts'

/** One object of a change as the list of changes has it: what it was, in the contract's form. */
export interface ChangedRow {
  readonly kind: 'host' | 'pool' | 'policy' | 'settings'
  readonly id: string
  readonly name?: string
  readonly before: unknown
}

/** More are promised, but not visited one by one. */
const TESTED = 20
const SAMPLE = 3

/** What a change promises, to be tested through the front door: what it touches does as it says, and all else as before. */
export function promisesOf(desired: DesiredState, objects: readonly ChangedRow[]): HeldPromise[] {
  const touched = touchedHosts(desired, objects)
  const own = desired.hosts.filter(({ id }) => touched.has(id))
  const before = new Map(objects.filter((o) => o.kind === 'host').map((o) => [o.id, formerOf(o.before)]))
  const promised = [
    ...own.flatMap((host) => ofHost(host, before.get(host.id) ?? null)),
    ...[...before].flatMap(([id, was]) => (was ? gone(desired, id, was) : [])),
  ]
  const { panelDomain, panelTls } = desired.settings
  const panel =
    panelDomain === '' ? [] : [promise('panel', panelDomain, panelTls, `The panel answers at ${panelDomain}`)]
  const others = desired.hosts.filter(({ id, enabled }) => enabled && !touched.has(id))
  const sample = [...others].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, SAMPLE)
  return [
    ...promised.slice(0, TESTED),
    ...tooMany(promised.length - TESTED),
    ...panel,
    ...sample.map((h) => promise('same', h.domains[0] ?? '', h.tls, `${h.domains[0]} answers as before`)),
  ]
}

/** Hosts that a change concerns: its own, and those whose pool or policy it changes. */
function touchedHosts(desired: DesiredState, objects: readonly ChangedRow[]): Set<string> {
  const pools = new Set(objects.filter((o) => o.kind === 'pool').map((o) => o.id))
  const users = desired.hosts.filter(({ poolId }) => pools.has(poolId))
  const hosts = concerned(desired, objects).filter((o) => o.kind === 'host')
  return new Set([...hosts, ...users].map(({ id }) => id))
}

type Former = Pick<HostSpec, 'domains' | 'tls'>
const formerOf = (before: unknown): Former | null => (before === null ? null : (before as Former))

function ofHost(host: HostSpec, before: Former | null): HeldPromise[] {
  const [face = '', ...more] = host.domains
  if (!host.enabled) return [promise('paused', face, host.tls, `${face} answers 404, as it is paused`)]
  const added = before === null ? more : more.filter((name) => !before.domains.includes(name))
  return [face, ...added].map((name) => promise('serves', name, host.tls, `${name} answers`))
}

/** Names that the host had and nobody has now. */
function gone(desired: DesiredState, id: string, { domains, tls }: Former): HeldPromise[] {
  const names = new Set(desired.hosts.flatMap((h) => h.domains))
  const answered = (name: string) =>
    names.has(name) || names.has(`*${name.slice(name.indexOf('.'))}`) || name === desired.settings.panelDomain
  const left = domains.filter((name) => !answered(name))
  const stays = desired.hosts.some((h) => h.id === id)
  return (stays ? left : left.slice(0, 1)).map((name) =>
    promise('gone', name, tls, `${name} is not served any more`),
  )
}

const promise = (test: HeldPromise['test'], name: string, tls: TlsMode, words: string): HeldPromise => ({
  ...{ words, state: 'waiting', detail: null, test, before: null },
  name: someNameOf(name),
  tls: tls !== 'none',
})

const tooMany = (n: number): HeldPromise[] =>
  n <= 0
    ? []
    : [
        {
          ...{ words: `${n} more names do as they should`, state: 'unknown', test: 'none' },
          ...{ detail: 'Not tested: there are too many.', name: '', tls: false, before: null },
        },
      ]
