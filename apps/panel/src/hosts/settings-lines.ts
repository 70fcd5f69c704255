import type { HostInput, PoolInput } from '@argos/contract'
import { accessLines, type Policies } from '../access/access-words.ts'
import { placeOf } from '../guard/url.ts'

export interface HostWithPool {
  readonly host: Omit<HostInput, 'poolId'>
  readonly pool: PoolInput
  readonly policies: Policies
}

/** A host's settings as lines a person reads, always in the same order. */
export const hostLines = ({ host, pool, policies }: HostWithPool): string[] => [
  ...host.domains.map((name) => `Name  ${name}`),
  `State  ${host.enabled ? 'published' : 'paused'}`,
  `Certificate  ${certificate[host.tls]}`,
  ...accessLines(host.access, policies),
  ...host.tags.toSorted().map((tag) => `Tag  ${tag}`),
  ...(host.note === '' ? [] : [`Note  ${host.note.replaceAll(/\s+/g, ' ')}`]),
  `Pool  ${pool.name}`,
]

/** The same of a pool. */
export const poolLines = (pool: PoolInput): string[] => [
  `Name  ${pool.name}`,
  ...pool.targets.map(
    (t) => `Target  ${placeOf(t.address, t.port)}, weight ${t.weight}${t.enabled ? '' : ', off'}`,
  ),
  `Speaks  ${pool.protocol === 'http' ? 'HTTP' : `HTTPS, certificate ${pool.verifyTls ? 'checked' : 'not checked'}`}`,
  `Sees as Host  ${pool.preserveHost ? "the visitor's" : 'its own address'}`,
  `Health check  ${healthLine(pool.health)}`,
]

const certificate = {
  auto: 'from the ACME CA',
  internal: "from Argos' own CA",
  none: 'none, plain HTTP only',
} as const

function healthLine({ kind, path, intervalS, timeoutS }: PoolInput['health']): string {
  if (kind === 'off') return 'off'
  const what = kind === 'tcp' ? 'connects' : `asks for ${path}`
  return `${what} every ${intervalS} s, waits ${timeoutS} s`
}
