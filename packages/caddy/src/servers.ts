import type { Places } from './desired.ts'
import { literal } from './literal.ts'

type Listener = 'https' | 'http' | 'panel'
interface Route {
  readonly handle: readonly [{ readonly handler: 'argos_dispatch'; readonly listener: Listener }]
}
interface ConnectionPolicy {
  readonly match?: { readonly argos_known: Record<string, never> }
  readonly default_sni?: string
  readonly fallback_sni?: string
}
export interface Server {
  readonly listen: readonly string[]
  readonly protocols: readonly ('h1' | 'h2' | 'h3')[]
  readonly read_header_timeout: string
  readonly read_idle_timeout: string
  readonly write_idle_timeout: string
  readonly idle_timeout: string
  readonly max_header_bytes: number
  readonly automatic_https: { readonly disable: true }
  readonly strict_sni_host: boolean
  readonly tls_connection_policies?: readonly ConnectionPolicy[]
  readonly routes: readonly Route[]
  readonly errors: { readonly routes: readonly Route[] }
  readonly logs: Record<string, never>
}
export interface HttpApp {
  readonly http_port: number
  readonly https_port: number
  readonly grace_period: string
  readonly servers: Readonly<Record<Listener, Server>>
}

export const httpApp = ({ ports, bind, panelBind, panelSubjects }: Places): HttpApp => ({
  // Caddy takes TLS off any listener on `http_port`, and ACME's solvers look for ours on these two.
  http_port: ports.http,
  https_port: ports.https,
  grace_period: '10s',
  servers: {
    // A name nobody publishes matches no policy: the handshake is refused and nothing is learnt.
    https: server('https', bind, ports.https, ['h1', 'h2', 'h3'], [{ match: { argos_known: {} } }]),
    http: server('http', bind, ports.http, ['h1']),
    panel: server('panel', panelBind, ports.panel, ['h1', 'h2'], [panelPolicy(panelSubjects)]),
  },
})

function server(
  listener: Listener,
  host: string,
  port: number,
  protocols: Server['protocols'],
  policies?: readonly ConnectionPolicy[],
): Server {
  const routes: readonly Route[] = [{ handle: [{ handler: 'argos_dispatch', listener }] }]
  return {
    // One socket for the life of the process, whatever is loaded.
    listen: [literal(`tcp_argos/${host.includes(':') ? `[${host}]` : host}:${port}`)],
    protocols,
    read_header_timeout: '20s',
    // Of one read or write that makes no progress. A two-way stream may be silent for long, a reader may not stall.
    read_idle_timeout: '5m',
    write_idle_timeout: '1m',
    idle_timeout: '5m',
    max_header_bytes: 32_768,
    automatic_https: { disable: true },
    // The panel is reached by address, where there is no SNI to be strict about.
    strict_sni_host: listener === 'https',
    ...(policies ? { tls_connection_policies: policies } : {}),
    routes,
    errors: { routes },
    logs: {},
  }
}

/** Clients without SNI (by address) or with a name of their own making get the first subject's certificate. */
function panelPolicy([first]: readonly string[]): ConnectionPolicy {
  return first === undefined ? {} : { default_sni: first, fallback_sni: first }
}
