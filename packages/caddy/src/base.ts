import type { Places, SettingsSpec } from './desired.ts'
import type { Fragment } from './fragment.ts'
import { type Logging, logging } from './logging.ts'
import { inOrder } from './names.ts'
import { type HttpApp, httpApp } from './servers.ts'
import { type TlsApp, tlsApp } from './tls.ts'

/** The edge's own app, without hosts and pools. */
export interface ArgosApp {
  readonly panel: {
    readonly socket: string
    readonly names: readonly string[]
    readonly hsts: boolean
    readonly subjects: readonly string[]
  }
  readonly trusted_proxies: readonly string[]
  /** Whom the gate asks, and where people sign in; empty while the panel has no name. */
  readonly gate?: { readonly socket: string; readonly login: string }
  readonly https_port: number
}

export interface Base {
  readonly admin: { readonly disabled: true; readonly config: { readonly persist: false } }
  readonly logging: Logging
  readonly storage: { readonly module: 'file_system'; readonly root: string }
  readonly apps: {
    readonly argos: ArgosApp
    readonly http: HttpApp
    readonly pki: {
      readonly certificate_authorities: Readonly<
        Record<string, { readonly name: string; readonly install_trust: false }>
      >
    }
    readonly tls: TlsApp
  }
}

/** Listeners, logs, TLS policies and global settings. Of the hosts only names decide here, and only internal ones. */
export function compileBase(settings: SettingsSpec, places: Places, hosts: readonly Fragment[]): Base {
  return {
    // Our control socket is the admin API; Caddy's own stays off (it dies with a refused candidate).
    admin: { disabled: true, config: { persist: false } },
    logging: logging(places.logDir),
    storage: { module: 'file_system', root: `${places.dataDir}/caddy` },
    apps: {
      argos: {
        panel: {
          socket: places.panelSocket,
          names: settings.panelDomain === '' ? [] : [settings.panelDomain],
          hsts: settings.panelDomain !== '',
          subjects: places.panelSubjects,
        },
        trusted_proxies: inOrder([...settings.trustedProxies, ...(places.trustedProxies ?? [])]),
        ...(places.gate ? { gate: gateAsks(settings, places.gate) } : {}),
        https_port: places.ports.https,
      },
      http: httpApp(places),
      pki: { certificate_authorities: { local: { name: 'Argos', install_trust: false } } },
      tls: tlsApp(settings, places, hosts),
    },
  }
}

function gateAsks({ panelDomain }: SettingsSpec, { socket, port, without }: NonNullable<Places['gate']>) {
  const named = `https://${panelDomain}${port === 443 ? '' : `:${port}`}`
  return { socket, login: panelDomain === '' ? without : named }
}
