import type { Places, SettingsSpec } from './desired.ts'
import type { Fragment } from './fragment.ts'
import { literal } from './literal.ts'
import { covers, inOrder } from './names.ts'

interface Acme {
  readonly module: 'acme'
  readonly ca?: string
  readonly email?: string
  readonly trusted_roots_pem_files?: readonly string[]
  readonly challenges: {
    readonly http: { readonly alternate_port: number }
    readonly 'tls-alpn': { readonly alternate_port: number }
    readonly bind_host?: string
  }
}
interface Policy {
  readonly subjects?: readonly string[]
  readonly issuers: readonly (Acme | { readonly module: 'internal'; readonly ca: 'local' })[]
}
export interface TlsApp {
  readonly automation: { readonly policies: readonly Policy[] }
}

/**
 * Who issues for which name: the internal CA for a list, ACME for all others. The first policy that covers a name
 * wins, so ACME names under an internal wildcard stand before it.
 */
export function tlsApp(settings: SettingsSpec, places: Places, hosts: readonly Fragment[]): TlsApp {
  const issuer = acme(settings, places)
  const named = (mode: Fragment['tls']) => hosts.filter((h) => h.tls === mode).flatMap((h) => h.names)
  const panel = settings.panelDomain === '' ? [] : [settings.panelDomain]
  const panelInternal = settings.panelTls === 'internal'
  const internal = inOrder([...named('internal'), ...places.panelSubjects, ...(panelInternal ? panel : [])])
  const wildcards = internal.filter((n) => n.startsWith('*.'))
  const exceptions = inOrder(
    [...named('auto'), ...(panelInternal ? [] : panel)].filter((n) => wildcards.some((w) => covers(w, n))),
  )
  return {
    automation: {
      policies: [
        ...(exceptions.length > 0 ? [{ subjects: exceptions, issuers: [issuer] }] : []),
        ...(internal.length > 0
          ? [{ subjects: internal, issuers: [{ module: 'internal', ca: 'local' } as const] }]
          : []),
        { issuers: [issuer] },
      ],
    },
  }
}

const acme = (settings: SettingsSpec, { ports, bind, acmeRootFile }: Places): Acme => ({
  module: 'acme',
  ...(settings.acmeDirectory === '' ? {} : { ca: literal(settings.acmeDirectory) }),
  ...(settings.acmeEmail === '' ? {} : { email: literal(settings.acmeEmail) }),
  // Caddy has no inline form for this; it reads the file when it provisions.
  ...(acmeRootFile === null ? {} : { trusted_roots_pem_files: [acmeRootFile] }),
  challenges: {
    http: { alternate_port: ports.http },
    'tls-alpn': { alternate_port: ports.https },
    ...(bind === '' ? {} : { bind_host: bind }),
  },
})
