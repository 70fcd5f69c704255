import type {
  ClauseSpec,
  CompileInput,
  Fragment,
  HostSpec,
  Places,
  PolicySpec,
  Pool,
  PoolSpec,
  SettingsSpec,
} from '../src/index.ts'

export const aHost = (over: Partial<HostSpec> = {}): HostSpec => ({
  id: 'h_app',
  domains: ['app.example.com'],
  enabled: true,
  tls: 'auto',
  access: { kind: 'public' },
  poolId: 'p_app',
  ...over,
})

export const aPool = (over: Partial<PoolSpec> = {}): PoolSpec => ({
  id: 'p_app',
  protocol: 'http',
  verifyTls: true,
  preserveHost: true,
  health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
  targets: [{ address: '10.0.0.5', port: 8096, weight: 1, enabled: true }],
  ...over,
})

export const aClause = (over: Partial<ClauseSpec> = {}): ClauseSpec => ({
  ...{ who: 'everyone', people: [], groups: [], networks: [], times: [], factorHours: null },
  ...over,
})
export const aPolicy = (over: Partial<PolicySpec> = {}): PolicySpec => ({
  id: 'o_in',
  any: [aClause({ who: 'signed_in' })],
  ...over,
})

export const aFragment = (over: Partial<Fragment> = {}): Fragment => ({
  names: ['app.example.com'],
  off: false,
  tls: 'auto',
  handle: [
    { handler: 'argos_gate', policy: { kind: 'public' } },
    { handler: 'argos_pool', pool: 'p_app' },
  ],
  ...over,
})

export const aCompiledPool = (over: Partial<Pool> = {}): Pool => ({
  targets: [{ dial: '10.0.0.5:8096', weight: 1 }],
  protocol: 'http',
  verify_tls: true,
  preserve_host: true,
  health: { kind: 'tcp', path: '/', interval_s: 15, timeout_s: 5 },
  ...over,
})

export const someSettings: SettingsSpec = {
  panelDomain: '',
  panelTls: 'auto',
  acmeDirectory: '',
  acmeEmail: '',
  acmeRootPem: '',
  trustedProxies: [],
}

export const somePlaces: Places = {
  dataDir: '/srv/argos/data',
  logDir: '/srv/argos/data/logs',
  panelSocket: '/srv/argos/run/panel.sock',
  ports: { http: 80, https: 443, panel: 9443 },
  bind: '',
  panelBind: '127.0.0.1',
  panelSubjects: ['127.0.0.1', 'localhost'],
  acmeRootFile: null,
}

/** Parts of an input, the rest filled in. */
export interface InputParts {
  readonly hosts?: readonly Partial<HostSpec>[]
  readonly pools?: readonly Partial<PoolSpec>[]
  readonly policies?: readonly PolicySpec[]
  readonly settings?: Partial<SettingsSpec>
  readonly places?: Partial<Places>
  readonly lastGood?: Partial<CompileInput['lastGood']>
  readonly rejected?: Partial<NonNullable<CompileInput['rejected']>>
}

export const anInput = (parts: InputParts = {}): CompileInput => ({
  generation: 1,
  hosts: (parts.hosts ?? []).map(aHost),
  pools: (parts.pools ?? [{}]).map(aPool),
  policies: parts.policies ?? [],
  settings: { ...someSettings, ...parts.settings },
  places: { ...somePlaces, ...parts.places },
  lastGood: { hosts: {}, pools: {}, ...parts.lastGood },
  rejected: { hosts: {}, pools: {}, ...parts.rejected },
})
