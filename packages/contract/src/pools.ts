import { z } from 'zod'
import { IdParams, operation, Timestamp } from './operation.ts'
import { ConfirmQuery } from './preview.ts'

const address = z
  .string()
  .trim()
  .min(1, 'Enter the address of the service: a name or an IP address.')
  .max(253)
  .regex(
    /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:.]+$/,
    'Only a host name or an IP address, without scheme, port or path.',
  )
  .transform((a) => a.toLowerCase())

export const TargetInput = z.object({
  address,
  port: z.number().int().min(1).max(65535),
  weight: z.number().int().min(1).max(256).default(1),
  enabled: z.boolean().default(true),
})
export type TargetInput = z.infer<typeof TargetInput>

/** Active check of each target. `tcp` only connects; `http` expects a status below 500 from `path`. */
export const HealthCheck = z.object({
  kind: z.enum(['tcp', 'http', 'off']).default('tcp'),
  path: z
    .string()
    .regex(/^\/[^\s{}]*$/, 'A path starts with / and has no spaces or braces.')
    .max(512)
    .default('/'),
  intervalS: z.number().int().min(5).max(300).default(15),
  timeoutS: z.number().int().min(1).max(30).default(5),
})
export type HealthCheck = z.infer<typeof HealthCheck>

export const PoolInput = z.object({
  name: z.string().trim().min(1, 'Give the pool a name.').max(63),
  protocol: z.enum(['http', 'https']).default('http'),
  /** Only with https: whether the target's certificate must be trusted. */
  verifyTls: z.boolean().default(true),
  /** Whether the target sees the visitor's Host header or its own address. */
  preserveHost: z.boolean().default(true),
  health: HealthCheck.prefault({}),
  targets: z.array(TargetInput).min(1, 'A pool needs at least one target.').max(100),
})
export type PoolInput = z.infer<typeof PoolInput>

/** A change says everything: what a body leaves out would else fall back to a default behind the caller's back. */
export const PoolChange = PoolInput.extend({
  protocol: z.enum(['http', 'https']),
  verifyTls: z.boolean(),
  preserveHost: z.boolean(),
  health: HealthCheck.extend({
    kind: z.enum(['tcp', 'http', 'off']),
    path: HealthCheck.shape.path.unwrap(),
    intervalS: HealthCheck.shape.intervalS.unwrap(),
    timeoutS: HealthCheck.shape.timeoutS.unwrap(),
  }),
  targets: PoolInput.shape.targets.element
    .extend({ weight: TargetInput.shape.weight.unwrap(), enabled: z.boolean() })
    .array()
    .min(1, 'A pool needs at least one target.')
    .max(100),
  version: z.number().int(),
})

export const TargetState = z.object({
  state: z.enum(['up', 'down', 'unknown']),
  since: Timestamp.nullable(),
  checkedAt: Timestamp.nullable(),
  error: z.string().nullable(),
})

export const Pool = PoolInput.extend({
  id: z.string(),
  version: z.number().int(),
  targets: z.array(TargetInput.extend({ health: TargetState.nullable() })),
  hosts: z.array(z.object({ id: z.string(), name: z.string() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Pool = z.infer<typeof Pool>

/**
 * `live` is true once the edge serves `generation`. `pending`: the id of this change when it waits to be kept.
 */
export const Saved = z.object({
  generation: z.number().int(),
  live: z.boolean(),
  pending: z.string().nullable(),
})
export type Saved = z.infer<typeof Saved>

const tag = 'Pools'
export const poolList = operation({
  id: 'poolList',
  method: 'GET',
  path: '/api/v1/pools',
  scope: 'hosts:read',
  tag,
  summary: 'List pools',
  status: 200,
  response: z.object({ pools: z.array(Pool) }),
})
export const poolView = operation({
  id: 'poolView',
  method: 'GET',
  path: '/api/v1/pools/:id',
  scope: 'hosts:read',
  tag,
  summary: 'Show one pool',
  params: IdParams,
  status: 200,
  response: Pool,
})
export const poolCreate = operation({
  id: 'poolCreate',
  method: 'POST',
  path: '/api/v1/pools',
  scope: 'hosts:write',
  tag,
  summary: 'Create a pool',
  body: PoolInput,
  status: 201,
  response: z.object({ pool: Pool, saved: Saved }),
})
export const poolUpdate = operation({
  id: 'poolUpdate',
  method: 'PUT',
  path: '/api/v1/pools/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Change a pool',
  params: IdParams,
  query: ConfirmQuery,
  body: PoolChange,
  status: 200,
  response: z.object({ pool: Pool, saved: Saved }),
})
export const poolDelete = operation({
  id: 'poolDelete',
  method: 'DELETE',
  path: '/api/v1/pools/:id',
  scope: 'hosts:write',
  tag,
  summary: 'Delete a pool that no host uses',
  params: IdParams,
  query: ConfirmQuery,
  status: 200,
  response: z.object({ saved: Saved }),
})
