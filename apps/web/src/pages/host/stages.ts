import type { Host } from '@argos/contract'
import { Database, Globe, Lock, LockOpen } from 'lucide-react'
import type { Stage } from '../../components/Path.tsx'
import { accessCell } from '../../components/policies.ts'
import { certificateLight, edgeLight, type Light, upstreamLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'

const https: Record<Host['tls'], string> = {
  auto: 'HTTPS, public certificate',
  internal: 'HTTPS, Argos’ own certificate',
  none: 'plain HTTP',
}

/** The first stage is as well as the worse of the edge and the certificate. */
function internetLight(host: Host): Light {
  const edge = edgeLight(host)
  if (edge.state !== 'ok') return edge
  const certificate = certificateLight(host)
  if (certificate.state === 'ok' || host.tls === 'none') {
    return { state: 'ok', words: `${things(host.domains.length, 'name')} served` }
  }
  return { state: certificate.state, words: `certificate: ${certificate.words}` }
}

/** Whom the second stage lets through. */
function signInStage(host: Host, nameOf: (policyId: string) => string): Stage {
  const { open, words, beside } = accessCell(host.access, nameOf)
  return {
    id: 'access',
    name: 'Sign-in',
    icon: open ? LockOpen : Lock,
    light: { state: open ? 'off' : 'ok', words },
    setting: open ? 'everyone gets in' : beside || 'on every path',
    to: paths.hostTab(host.id, 'access'),
  }
}

/** The stages a request meets on this host now. */
export const stagesOf = (host: Host, nameOf: (policyId: string) => string): readonly Stage[] => [
  {
    id: 'tls',
    name: 'Internet',
    icon: Globe,
    light: internetLight(host),
    setting: https[host.tls],
    to: paths.hostTab(host.id, 'tls'),
  },
  signInStage(host, nameOf),
  {
    id: 'routing',
    name: 'Upstreams',
    icon: Database,
    light: upstreamLight(host),
    setting: host.poolName,
    to: paths.hostTab(host.id, 'routing'),
  },
]
