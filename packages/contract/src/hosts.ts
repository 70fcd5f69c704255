import { z } from 'zod'
import { Access } from './access.ts'
import { HostName } from './names.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { PoolInput, Saved, TargetState } from './pools.ts'
import { ConfirmQuery, Preview } from './preview.ts'

/** `auto`: ACME. `internal`: the edge's own CA. `none`: plain HTTP only. */
export const TlsMode = z.enum(['auto', 'internal', 'none'])
export type TlsMode = z.infer<typeof TlsMode>

export const Tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,31}$/u,
    'A tag has up to 32 letters, digits, spaces, dots, dashes or underscores.',
  )

export const HostInput = z.object({
  domains: z.array(HostName).min(1, 'A host needs at least one name.').max(100),
  enabled: z.boolean().default(true),
  tls: TlsMode.default('auto'),
  access: Access.default({ kind: 'public' }),
  tags: z.array(Tag).max(20).default([]),
  note: z.string().trim().max(500).default(''),
  poolId: z.string(),
})
export type HostInput = z.infer<typeof HostInput>

/** A change says everything: what a body leaves out would else fall back to a default behind the caller's back. */
export const HostChange = HostInput.extend({
  enabled: z.boolean(),
  tls: TlsMode,
  access: Access,
  tags: z.array(Tag).max(20),
  note: z.string().trim().max(500),
  version: z.number().int(),
})

/** A new host names an existing pool or brings its own. */
export const HostCreate = HostInput.omit({ poolId: true }).extend({
  upstream: z.union([z.object({ poolId: z.string() }), z.object({ pool: PoolInput })]),
})
export type HostCreate = z.infer<typeof HostCreate>

/** Why the edge does not serve what was saved, in words, or null. `field` is a path into the host. */
export const HostTrouble = z.object({ message: z.string(), field: z.string().nullable(), since: Timestamp })

/** Three lights, never one: saved, live at the edge, upstream answers. */
export const HostState = z.object({
  /** live: the edge serves what was saved. applying: not yet. refused: the edge would not take it. drifted: somebody else changed it there. off: disabled. unknown: the edge does not answer. */
  edge: z.enum(['live', 'applying', 'refused', 'drifted', 'off', 'unknown']),
  trouble: HostTrouble.nullable(),
  upstream: z.enum(['up', 'degraded', 'down', 'unknown']),
  targets: z.array(z.object({ dial: z.string(), enabled: z.boolean(), health: TargetState.nullable() })),
  certificate: z.object({
    state: z.enum(['ok', 'pending', 'error', 'none']),
    issuer: z.string().nullable(),
    notBefore: Timestamp.nullable(),
    notAfter: Timestamp.nullable(),
    error: z.string().nullable(),
  }),
})
export type HostState = z.infer<typeof HostState>

export const Host = HostInput.extend({
  id: z.string(),
  version: z.number().int(),
  domains: z.array(z.string()),
  poolName: z.string(),
  state: HostState,
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Host = z.infer<typeof Host>

const tag = 'Hosts'
const one = z.object({ host: Host, saved: Saved })
export const hostList = operation({
  id: 'hostList',
  method: 'GET',
  path: '/api/v1/hosts',
  scope: 'hosts:read',
  tag,
  summary: 'List hosts; `q` searches names, pools, tags and notes',
  query: z.object({ q: z.string().max(200).optional(), tag: z.string().optional() }),
  status: 200,
  response: z.object({ hosts: z.array(Host), tags: z.array(z.string()) }),
})
export const hostView = operation({
  id: 'hostView',
  method: 'GET',
  path: '/api/v1/hosts/:id',
  scope: 'hosts:read',
  tag,
  summary: 'Show one host',
  params: IdParams,
  status: 200,
  response: Host,
})
export const hostCreate = operation({
  id: 'hostCreate',
  method: 'POST',
  path: '/api/v1/hosts',
  scope: 'hosts:write',
  tag,
  summary: 'Publish a host',
  body: HostCreate,
  status: 201,
  response: one,
})
export const hostPreview = operation({
  id: 'hostPreview',
  method: 'POST',
  path: '/api/v1/hosts/preview',
  scope: 'hosts:read',
  tag,
  summary: 'What publishing or changing a host would do; with `id` a change, else a new one',
  body: z.object({ id: z.string().optional(), host: HostCreate }),
  status: 200,
  response: Preview,
})
export const hostUpdate = operation({
  id: 'hostUpdate',
  method: 'PUT',
  path: '/api/v1/hosts/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Change a host',
  params: IdParams,
  query: ConfirmQuery,
  body: HostChange,
  status: 200,
  response: one,
})
export const hostClone = operation({
  id: 'hostClone',
  method: 'POST',
  path: '/api/v1/hosts/:id/clone',
  scope: 'hosts:write',
  tag,
  summary: 'Copy a host under other names, paused',
  params: IdParams,
  body: z.object({ domains: HostInput.shape.domains }),
  status: 201,
  response: one,
})
export const hostDelete = operation({
  id: 'hostDelete',
  method: 'DELETE',
  path: '/api/v1/hosts/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Delete a host; its pool goes too when nothing else uses it',
  params: IdParams,
  query: ConfirmQuery,
  status: 200,
  response: z.object({ saved: Saved }),
})
export const hostBulkBody = z.object({
  ids: z.array(z.string()).min(1).max(10_000),
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('enable') }),
    z.object({ kind: z.literal('disable') }),
    z.object({ kind: z.literal('delete') }),
    z.object({ kind: z.literal('tag'), add: z.array(Tag).default([]), remove: z.array(Tag).default([]) }),
  ]),
})
export const hostBulk = operation({
  id: 'hostBulk',
  method: 'POST',
  path: '/api/v1/hosts/bulk',
  scope: 'hosts:write',
  tag,
  summary: 'Enable, disable, delete or tag several hosts at once: all or none',
  query: ConfirmQuery,
  body: hostBulkBody,
  status: 200,
  response: z.object({ hosts: z.array(Host), saved: Saved }),
})

/** What stands behind an upstream address: asked once, from this machine. */
export const UpstreamProbe = z.object({
  url: z.string(),
  protocol: z.enum(['http', 'https']),
  address: z.string(),
  port: z.number().int(),
  reachable: z.boolean(),
  /** In words when it is not reachable: what listens, what to check. */
  problem: z.string().nullable(),
  status: z.number().int().nullable(),
  latencyMs: z.number().nullable(),
  tls: z.object({ trusted: z.boolean(), selfSigned: z.boolean(), subject: z.string() }).nullable(),
  webSocket: z.boolean().nullable(),
  app: z.object({ name: z.string(), slug: z.string(), suggestedSubdomain: z.string() }).nullable(),
  title: z.string().nullable(),
})
export type UpstreamProbe = z.infer<typeof UpstreamProbe>
export const upstreamProbe = operation({
  id: 'upstreamProbe',
  method: 'POST',
  path: '/api/v1/probe/upstream',
  scope: 'hosts:write',
  tag: 'Probes',
  summary: 'Ask a service what it is before publishing it',
  body: z.object({ url: z.string().max(2048) }),
  status: 200,
  response: UpstreamProbe,
})

/** Where a name points now, as this machine's resolver sees it. */
export const DomainCheck = z.object({
  name: z.string(),
  /** Free, and nothing says that it leads elsewhere. `thisMachine` is null for a public address, which may be the router's. */
  ok: z.boolean(),
  addresses: z.array(z.object({ address: z.string(), thisMachine: z.boolean().nullable() })),
  takenBy: z.object({ hostId: z.string(), name: z.string() }).nullable(),
  message: z.string(),
})
export type DomainCheck = z.infer<typeof DomainCheck>
export const domainCheck = operation({
  id: 'domainCheck',
  method: 'POST',
  path: '/api/v1/probe/domain',
  scope: 'hosts:write',
  tag: 'Probes',
  summary: 'Check a name before publishing it',
  body: z.object({ name: z.string().max(1024), hostId: z.string().optional() }),
  status: 200,
  response: DomainCheck,
})
