import { gateOf, type Policies } from './access.ts'
import type { HostSpec, Refusal } from './desired.ts'
import type { Fragment, Gate, Handler } from './fragment.ts'
import { isCanonicalName } from './names.ts'

/** Names that a host may not have, because something else answers them. */
export interface Taken {
  by(name: string, hostId: string): string | null
}

/** A host for the edge, or why there is none. Order is the path an operator sees on the host's page. */
export function compileHost(
  spec: HostSpec,
  taken: Taken,
  hasPool: (id: string) => boolean,
  policies: Policies,
): Fragment | Refusal {
  const no = (field: string, message: string): Refusal => ({ kind: 'host', id: spec.id, message, field })
  if (spec.domains.length === 0) return no('domains', 'A host needs at least one name.')
  for (const [i, name] of spec.domains.entries()) {
    if (!isCanonicalName(name)) return no(`domains[${i}]`, `\`${name}\` is not a name that can be published.`)
    const owner = taken.by(name, spec.id)
    if (owner) return no(`domains[${i}]`, `\`${name}\` already belongs to ${owner}.`)
    if (spec.domains.indexOf(name) !== i) return no(`domains[${i}]`, `\`${name}\` stands here twice.`)
  }
  const gate = gateOf(spec.access, policies)
  if ('no' in gate) return no(gate.field, gate.no)
  if (!hasPool(spec.poolId)) return no('poolId', 'The pool of this host is not there.')
  return {
    names: spec.domains,
    off: !spec.enabled,
    tls: spec.tls,
    handle: [gate, { handler: 'argos_pool', pool: spec.poolId }],
  }
}

/**
 * The last good fragment for a host that cannot be had today, never looser than what was saved: switched off, TLS and
 * gate are today's, names that others own by now are gone, and where today's gate cannot be made it answers 503.
 */
export function standIn(
  spec: HostSpec,
  last: Fragment,
  taken: Taken,
  hasPool: (id: string) => boolean,
  policies: Policies,
): Fragment | null {
  const names = last.names.filter((name) => taken.by(name, spec.id) === null)
  if (names.length === 0) return null
  const found = gateOf(spec.access, policies)
  const gate = 'no' in found ? null : found
  const [first, ...rest] = last.handle
  const usable =
    gate !== null &&
    first?.handler === 'argos_gate' &&
    rest.length > 0 &&
    rest.every((h) => h.handler !== 'argos_pool' || hasPool(h.pool))
  const handle = usable ? [gate, ...rest] : [gate ?? openGate, unavailable]
  return { names, off: !spec.enabled, tls: spec.tls, handle }
}

// Only ever in front of `unavailable`, which has nothing to guard.
const openGate: Gate = { handler: 'argos_gate', policy: { kind: 'public' } }
const unavailable: Handler = {
  handler: 'static_response',
  status_code: 503,
  headers: {
    'Retry-After': ['60'],
    'Cache-Control': ['no-store'],
    'Content-Type': ['text/plain; charset=utf-8'],
  },
  body: 'This service is not available right now.\n',
}
