import { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a caller must be allowed to do. `public` needs no session; `session` any signed-in person. */
export const scopes = [
  'public',
  'session',
  'hosts:read',
  'hosts:write',
  'changes:read',
  'changes:write',
  'audit:read',
  'settings:read',
  'settings:write',
  'people:read',
  'people:write',
  'system:read',
] as const
export type Scope = (typeof scopes)[number]
export const Scope = z.enum(scopes)

/** Every refusal the API can give, with its HTTP status. `docs/errors.md` has an entry for each. */
export const errorStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  pending_change: 409,
  too_large: 413,
  unsupported_media_type: 415,
  rejected_by_edge: 422,
  rate_limited: 429,
  internal: 500,
  busy: 503,
  read_only: 503,
  setup_required: 403,
  step_up_required: 403,
} as const
export type ErrorCode = keyof typeof errorStatus
export const ErrorCode = z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]])

/** One thing wrong with one field: what is wrong and what to do about it. */
export const FieldError = z.object({ path: z.string(), message: z.string() })
export type FieldError = z.infer<typeof FieldError>

/** The body of every error answer. `retryAfterS` is in seconds. */
export const Problem = z.object({
  code: ErrorCode,
  message: z.string(),
  requestId: z.string(),
  fields: z.array(FieldError).optional(),
  retryAfterS: z.number().optional(),
})
export type Problem = z.infer<typeof Problem>

export interface Operation {
  readonly id: string
  readonly method: Method
  /** Fastify's form: `/api/v1/hosts/:id`. */
  readonly path: string
  readonly scope: Scope
  /** Whether a person must have proven who they are within the last ten minutes; else `step_up_required`. */
  readonly recent?: true
  readonly tag: string
  readonly summary: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** The status a success answers with; 204 has no body. */
  readonly status: 200 | 201 | 202 | 204
  readonly response?: z.ZodType
}

/** Declares one operation; server, UI, OpenAPI and tests are all derived from it. */
export const operation = <const O extends Operation>(op: O): O => op

export const IdParams = z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/) })
/** Milliseconds since the Unix epoch, UTC. */
export const Timestamp = z.number().int()
