import { accessWords, type Host, type Policy, type Pool } from '@argos/contract'
import { facts, moment } from '../table.ts'

const edgeWords: Readonly<Record<Host['state']['edge'], string>> = {
  live: 'live',
  applying: 'going live',
  refused: 'refused by the edge',
  drifted: 'changed by hand at the edge',
  off: 'paused',
  unknown: 'unknown, no edge',
}
const tlsWords: Readonly<Record<Host['tls'], string>> = {
  auto: 'ACME',
  internal: 'internal CA',
  none: 'plain HTTP',
}

export const stateOf = ({ state }: Host): string => edgeWords[state.edge]

export const hostHeadings = ['NAME', 'STATE', 'UPSTREAM', 'TLS', 'POOL', 'TAGS'] as const

export function hostRow(host: Host): string[] {
  const [name = '', ...others] = host.domains
  return [
    others.length === 0 ? name : `${name} (+${others.length})`,
    stateOf(host),
    host.state.upstream,
    tlsWords[host.tls],
    host.poolName,
    host.tags.join(', '),
  ]
}

export function hostFacts(
  host: Host,
  pool: Pool,
  policies: readonly Pick<Policy, 'id' | 'name'>[],
): string[] {
  const policy = (id: string) => policies.find((one) => one.id === id)?.name ?? 'a policy that is gone'
  const { certificate, trouble, upstream } = host.state
  return facts([
    ['Names', host.domains.join(', ')],
    ['Id', host.id],
    ['State', stateOf(host)],
    [
      'Refused',
      trouble === null ? '' : `${trouble.field === null ? '' : `${trouble.field}: `}${trouble.message}`,
    ],
    ['TLS', tlsWords[host.tls]],
    ['Certificate', certificate.state === 'none' ? '' : certificateWords(certificate)],
    ['Access', accessWords(host.access, policy)],
    ['Pool', host.poolName],
    ['Targets', pool.targets.map((t) => targetWords(pool, t)).join('; ')],
    ['Upstream', upstream],
    ['Tags', host.tags.join(', ')],
    ['Note', host.note],
    ['Created', moment(host.createdAt)],
    ['Changed', moment(host.updatedAt)],
  ])
}

function certificateWords({ state, issuer, notAfter, error }: Host['state']['certificate']): string {
  if (state === 'error') return `none: ${error ?? 'no reason was given'}`
  if (state === 'pending') return 'being fetched'
  return [`by ${issuer ?? 'an unknown issuer'}`, notAfter === null ? '' : `until ${moment(notAfter)}`]
    .filter(Boolean)
    .join(', ')
}

export function targetWords({ protocol }: Pick<Pool, 'protocol'>, target: Pool['targets'][number]): string {
  const { address, port, weight, enabled, health } = target
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  const notes = [
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    enabled ? (health?.state ?? 'unknown') : 'off',
    ...(enabled && health?.state === 'down' && health.error ? [health.error] : []),
  ]
  return `${protocol}://${place} (${notes.join(', ')})`
}
