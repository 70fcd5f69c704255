import { z } from 'zod'
import { HostName } from './names.ts'
import { operation, Timestamp } from './operation.ts'
import { Saved } from './pools.ts'
import { ConfirmQuery } from './preview.ts'

export const ActorView = z.object({ kind: z.enum(['user', 'system', 'cli']), name: z.string() })

/** One pass of the applier that changed what the edge serves, or tried to. */
export const Revision = z.object({
  number: z.number().int(),
  at: Timestamp,
  actor: ActorView,
  words: z.array(z.string()),
  kind: z.enum(['swap', 'load']),
  /** pending: live for now, waits to be kept. returned: it was not kept, and what was before is live again. */
  outcome: z.enum(['live', 'refused', 'failed', 'pending', 'returned']),
  error: z.string().nullable(),
  generation: z.number().int(),
  hosts: z.array(z.object({ id: z.string(), name: z.string(), probe: z.string().nullable() })),
  tookMs: z.number(),
})
export type Revision = z.infer<typeof Revision>
export const revisionList = operation({
  id: 'revisionList',
  method: 'GET',
  path: '/api/v1/revisions',
  scope: 'changes:read',
  tag: 'Changes',
  summary: 'What went live, newest first',
  query: z.object({
    before: z.coerce.number().int().optional(),
    host: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  response: z.object({ revisions: z.array(Revision), more: z.boolean() }),
})

export const AuditEntry = z.object({
  id: z.number().int(),
  at: Timestamp,
  actor: ActorView,
  action: z.string(),
  /** The sentence, as a person would say it. */
  words: z.string(),
  subject: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  address: z.string().nullable(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
export const auditList = operation({
  id: 'auditList',
  method: 'GET',
  path: '/api/v1/audit',
  scope: 'audit:read',
  tag: 'Audit',
  summary: 'Who did what, newest first',
  query: z.object({
    before: z.coerce.number().int().optional(),
    q: z.string().max(200).optional(),
    subject: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  response: z.object({ entries: z.array(AuditEntry), more: z.boolean() }),
})
export const auditVerify = operation({
  id: 'auditVerify',
  method: 'GET',
  path: '/api/v1/audit/verify',
  scope: 'audit:read',
  tag: 'Audit',
  summary: 'Check the hash chain',
  status: 200,
  response: z.object({ ok: z.boolean(), checked: z.number().int(), brokenAt: z.number().int().nullable() }),
})

/** ACME and reachability settings. Empty strings mean Argos' own default. */
export const Settings = z.object({
  panelDomain: z.union([z.literal(''), HostName]),
  panelTls: z.enum(['auto', 'internal']),
  acmeDirectory: z.union([z.literal(''), z.url({ protocol: /^https$/ })]),
  acmeEmail: z.union([z.literal(''), z.email()]),
  /** PEM of a CA to trust for the ACME directory itself; empty for the system's roots. */
  acmeRootPem: z.string().max(65_536),
  /** CIDRs of proxies in front of the edge whose X-Forwarded-For is believed. */
  trustedProxies: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).max(200),
})
export type Settings = z.infer<typeof Settings>
export const settingsView = operation({
  id: 'settingsView',
  method: 'GET',
  path: '/api/v1/settings',
  scope: 'settings:read',
  tag: 'Settings',
  summary: 'Settings',
  status: 200,
  response: z.object({ settings: Settings, version: z.number().int() }),
})
export const settingsUpdate = operation({
  id: 'settingsUpdate',
  method: 'PUT',
  path: '/api/v1/settings',
  scope: 'settings:write',
  tag: 'Settings',
  summary: 'Change settings',
  query: ConfirmQuery,
  body: z.object({ settings: Settings, version: z.number().int() }),
  status: 200,
  response: z.object({ settings: Settings, version: z.number().int(), saved: Saved }),
})

export const WorkerState = z.object({
  name: z.string(),
  everyMs: z.number(),
  lastRunAt: Timestamp.nullable(),
  lastTookMs: z.number().nullable(),
  lastResult: z.unknown().nullable(),
  lastError: z.string().nullable(),
  failures: z.number().int(),
})
export const SystemStatus = z.object({
  panel: z.object({
    version: z.string(),
    pid: z.number(),
    startedAt: Timestamp,
    node: z.string(),
    rssBytes: z.number(),
    database: z.object({ path: z.string(), sizeBytes: z.number(), schema: z.string() }),
  }),
  edge: z.object({
    state: z.enum(['ok', 'unreachable', 'behind']),
    /** In words when it is not ok. */
    problem: z.string().nullable(),
    version: z.string().nullable(),
    caddy: z.string().nullable(),
    pid: z.number().nullable(),
    startedAt: Timestamp.nullable(),
    modules: z.array(z.string()),
    listeners: z.array(z.string()),
    openRequests: z.number().nullable(),
    bootedFrom: z.string().nullable(),
    failed: z.array(z.object({ hostId: z.string(), reason: z.string() })),
    /** Hosts, pools and base that somebody else changed at the edge. */
    drifted: z.number().int(),
  }),
  generations: z.object({
    saved: z.number().int(),
    applied: z.number().int(),
    inSync: z.boolean(),
    lastRevision: z.number().int().nullable(),
    lastError: z.string().nullable(),
  }),
  workers: z.array(WorkerState),
  ports: z.object({ http: z.number(), https: z.number(), panel: z.number() }),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), remedy: z.string() })),
})
export type SystemStatus = z.infer<typeof SystemStatus>
export const systemStatus = operation({
  id: 'systemStatus',
  method: 'GET',
  path: '/api/v1/system',
  scope: 'system:read',
  tag: 'System',
  summary: 'Panel, edge, generations and workers',
  status: 200,
  response: SystemStatus,
})
export const healthz = operation({
  id: 'healthz',
  method: 'GET',
  path: '/healthz',
  scope: 'public',
  tag: 'System',
  summary: 'Liveness',
  status: 200,
  response: z.object({ ok: z.boolean() }),
})
