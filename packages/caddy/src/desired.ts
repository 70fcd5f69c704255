import type { PolicySpec } from './access.ts'
import type { AccessSpec, Fragment, Pool, TlsMode } from './fragment.ts'

/** What compile() reads: plain data, as the database holds it. Nothing here is trusted to be well-formed. */

export interface HostSpec {
  readonly id: string
  /** Canonical names, the first one is the host's face. */
  readonly domains: readonly string[]
  readonly enabled: boolean
  readonly tls: TlsMode
  readonly access: AccessSpec
  readonly poolId: string
}

export interface TargetSpec {
  readonly address: string
  readonly port: number
  readonly weight: number
  readonly enabled: boolean
}
export interface HealthSpec {
  readonly kind: 'tcp' | 'http' | 'off'
  readonly path: string
  readonly intervalS: number
  readonly timeoutS: number
}
export interface PoolSpec {
  readonly id: string
  readonly protocol: 'http' | 'https'
  readonly verifyTls: boolean
  readonly preserveHost: boolean
  readonly health: HealthSpec
  readonly targets: readonly TargetSpec[]
}

export interface SettingsSpec {
  readonly panelDomain: string
  readonly panelTls: 'auto' | 'internal'
  readonly acmeDirectory: string
  readonly acmeEmail: string
  readonly acmeRootPem: string
  readonly trustedProxies: readonly string[]
}

/** The fragments that the edge last confirmed, by id. */
export interface LastGood {
  readonly hosts: Readonly<Record<string, Fragment>>
  readonly pools: Readonly<Record<string, Pool>>
}

export interface DesiredState {
  readonly generation: number
  readonly hosts: readonly HostSpec[]
  readonly pools: readonly PoolSpec[]
  readonly policies: readonly PolicySpec[]
  readonly settings: SettingsSpec
  readonly lastGood: LastGood
}

/** Where things are on this machine. Paths are absolute. */
export interface Places {
  readonly dataDir: string
  readonly logDir: string
  readonly panelSocket: string
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  /** Address the published listeners bind; empty for all. */
  readonly bind: string
  readonly panelBind: string
  /** Names and addresses on which the panel has a certificate of the internal CA; the first one serves clients without SNI. */
  readonly panelSubjects: readonly string[]
  /**
   * Where the panel answers the gate, at which port people reach the panel's name, and where they reach it while it has
   * none: an origin, or empty. Left out: the gate asks nobody.
   */
  readonly gate?: { readonly socket: string; readonly port: number; readonly without: string }
  /** Proxies that the installation itself names, beside those of the settings. */
  readonly trustedProxies?: readonly string[]
  /** File with the CA of the ACME directory, or null for the system's roots. Its name changes with its content. */
  readonly acmeRootFile: string | null
}

/** JSON of fragments that the edge would not take: as long as compile makes the same bytes, the last good stands in. */
export interface Rejected {
  readonly hosts: Readonly<Record<string, string>>
  readonly pools: Readonly<Record<string, string>>
}

export interface CompileInput extends DesiredState {
  readonly places: Places
  readonly rejected?: Rejected
}

/** Why something saved is not what the edge gets. `field` is a path into the API's object. */
export interface Refusal {
  readonly kind: 'host' | 'pool' | 'settings'
  readonly id: string
  readonly message: string
  readonly field: string | null
}
