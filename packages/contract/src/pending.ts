import { z } from 'zod'
import { ActorView } from './operate.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { Saved } from './pools.ts'

/** One promise of a change, tested through the front door. `unknown`: it could not be tested, and says why. */
export const PromiseCheck = z.object({
  /** As a person would say it: "app.example.com answers". */
  words: z.string(),
  state: z.enum(['waiting', 'testing', 'kept', 'broken', 'unknown']),
  /** What was seen, as in "200 in 12 ms". */
  detail: z.string().nullable(),
})
export type PromiseCheck = z.infer<typeof PromiseCheck>

/** A change that is live for now: the edge goes back by itself at the deadline unless somebody keeps it. */
export const PendingChange = z.object({
  id: z.string(),
  generation: z.number().int(),
  /** Its revision, once the edge took it, and the one that comes back. */
  revision: z.number().int().nullable(),
  previous: z.number().int().nullable(),
  at: Timestamp,
  actor: ActorView,
  words: z.array(z.string()),
  /** applying: on its way to the edge. testing: promises are being tested. waiting: for keep. keeping, returning: being done. */
  state: z.enum(['applying', 'testing', 'waiting', 'keeping', 'returning']),
  withinS: z.number().int(),
  deadline: Timestamp.nullable(),
  /** The deadline can be put off once. */
  extended: z.boolean(),
  touched: z.array(z.object({ id: z.string(), name: z.string() })),
  untouched: z.number().int(),
  promises: z.array(PromiseCheck),
})
export type PendingChange = z.infer<typeof PendingChange>

/** How the last one ended. */
export const EndedChange = z.object({
  id: z.string(),
  revision: z.number().int().nullable(),
  outcome: z.enum(['kept', 'returned']),
  /** Why it went back: nobody kept it, a broken promise, a restart, or somebody put it back. */
  reason: z.string().nullable(),
  words: z.array(z.string()),
  at: Timestamp,
})
export type EndedChange = z.infer<typeof EndedChange>

const tag = 'Changes'
const PendingParams = z.object({ id: IdParams.shape.id })
export const pendingView = operation({
  id: 'pendingView',
  method: 'GET',
  path: '/api/v1/changes/pending',
  scope: 'changes:read',
  tag,
  summary: 'The change that waits to be kept, and how the last one ended',
  status: 200,
  response: z.object({
    pending: PendingChange.nullable(),
    last: EndedChange.nullable(),
    /** Changes saved since, which go live after it is kept or put back. */
    queued: z.number().int(),
  }),
})
export const pendingKeep = operation({
  id: 'pendingKeep',
  method: 'POST',
  path: '/api/v1/changes/pending/:id/keep',
  scope: 'changes:write',
  tag,
  summary: 'Keep the change that waits',
  params: PendingParams,
  status: 200,
  response: z.object({ saved: Saved }),
})
export const pendingReturn = operation({
  id: 'pendingReturn',
  method: 'POST',
  path: '/api/v1/changes/pending/:id/return',
  scope: 'changes:write',
  tag,
  summary: 'Put back what was before the change that waits',
  params: PendingParams,
  status: 200,
  response: z.object({ saved: Saved }),
})
export const pendingExtend = operation({
  id: 'pendingExtend',
  method: 'POST',
  path: '/api/v1/changes/pending/:id/extend',
  scope: 'changes:write',
  tag,
  summary: 'Put the deadline off to five minutes from now, once',
  params: PendingParams,
  status: 200,
  response: PendingChange,
})
