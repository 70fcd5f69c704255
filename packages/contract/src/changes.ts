import { z } from 'zod'
import { HostCreate, HostInput, hostBulkBody } from './hosts.ts'
import { ActorView, Revision, Settings } from './operate.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { PoolInput, Saved } from './pools.ts'
import { CaddyChange, ConfirmQuery, ObjectDiff, Preview } from './preview.ts'

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

/** One saved change, object by object. */
export const Change = z.object({
  generation: z.number().int(),
  at: Timestamp,
  actor: ActorView,
  words: z.array(z.string()),
  /** The revision that brought it to the edge; null while none has. */
  revision: z.number().int().nullable(),
  objects: z.array(ObjectDiff),
  /** Why it cannot be undone, or null when it can. */
  noUndo: z.string().nullable(),
})
export type Change = z.infer<typeof Change>
export const changeList = operation({
  id: 'changeList',
  method: 'GET',
  path: '/api/v1/changes',
  scope: 'changes:read',
  tag,
  summary: 'What was changed, newest first; of one host or pool with `object`',
  query: z.object({
    before: z.coerce.number().int().optional(),
    object: z.string().max(64).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  response: z.object({ changes: z.array(Change), more: z.boolean() }),
})

const RevisionParams = z.object({ number: z.coerce.number().int().min(1) })
export const revisionView = operation({
  id: 'revisionView',
  method: 'GET',
  path: '/api/v1/revisions/:number',
  scope: 'changes:read',
  tag,
  summary: 'One revision: its changes object by object, and the Caddy JSON before and after',
  params: RevisionParams,
  status: 200,
  response: z.object({
    revision: Revision,
    changes: z.array(Change),
    untouched: z.number().int(),
    caddy: z.array(CaddyChange),
  }),
})
export const revisionDiff = operation({
  id: 'revisionDiff',
  method: 'GET',
  path: '/api/v1/revisions/:number/diff',
  scope: 'changes:read',
  tag,
  summary: 'How the settings differ between a revision and another one, or now',
  params: RevisionParams,
  query: z.object({ to: z.coerce.number().int().min(1).optional() }),
  status: 200,
  response: z.object({ objects: z.array(ObjectDiff) }),
})
const undone = z.object({ words: z.array(z.string()), saved: Saved })
export const changeUndo = operation({
  id: 'changeUndo',
  method: 'POST',
  path: '/api/v1/changes/:generation/undo',
  scope: 'changes:write',
  tag,
  summary: 'Undo one change: exactly what it changed goes back',
  params: z.object({ generation: z.coerce.number().int().min(1) }),
  query: ConfirmQuery,
  status: 200,
  response: undone,
})
export const revisionRestore = operation({
  id: 'revisionRestore',
  method: 'POST',
  path: '/api/v1/revisions/:number/restore',
  scope: 'changes:write',
  tag,
  summary: 'Bring hosts, pools and settings back to what they were at a revision',
  params: RevisionParams,
  query: ConfirmQuery,
  status: 200,
  response: undone,
})

/** Something that somebody might do next. */
export const Intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hostCreate'), host: HostCreate }),
  z.object({ kind: z.literal('hostUpdate'), id: IdParams.shape.id, host: HostInput }),
  z.object({ kind: z.literal('hostDelete'), id: IdParams.shape.id }),
  z.object({ kind: z.literal('hostBulk'), ...hostBulkBody.shape }),
  z.object({ kind: z.literal('poolUpdate'), id: IdParams.shape.id, pool: PoolInput }),
  z.object({ kind: z.literal('poolDelete'), id: IdParams.shape.id }),
  z.object({ kind: z.literal('settingsUpdate'), settings: Settings }),
  z.object({ kind: z.literal('undo'), generation: z.number().int().min(1) }),
  z.object({ kind: z.literal('restore'), revision: z.number().int().min(1) }),
])
export type Intent = z.infer<typeof Intent>
export const changePreview = operation({
  id: 'changePreview',
  method: 'POST',
  path: '/api/v1/changes/preview',
  scope: 'changes:read',
  tag,
  summary: 'What a change would do; nothing is saved and nothing loaded',
  body: z.object({ intent: Intent }),
  status: 200,
  response: Preview,
})

/** Something at the edge that is not as the panel left it: somebody else changed it. */
export const DriftObject = z.object({
  kind: z.enum(['host', 'pool', 'base']),
  id: z.string(),
  name: z.string(),
  how: z.enum(['edited', 'added', 'removed']),
  /** The panel's and the edge's Caddy JSON; null where there is none. */
  ours: z.unknown().nullable(),
  theirs: z.unknown().nullable(),
  /** Why it cannot be adopted, or null when it can. */
  noAdopt: z.string().nullable(),
})
export type DriftObject = z.infer<typeof DriftObject>
export const driftView = operation({
  id: 'driftView',
  method: 'GET',
  path: '/api/v1/drift',
  scope: 'changes:read',
  tag,
  summary: 'What somebody else changed at the edge',
  status: 200,
  response: z.object({ since: Timestamp.nullable(), objects: z.array(DriftObject) }),
})
const driftBody = z.object({
  /** Only these; without it all. */
  objects: z
    .array(z.object({ kind: DriftObject.shape.kind, id: z.string().max(64) }))
    .min(1)
    .max(10_000)
    .optional(),
})
export const driftReapply = operation({
  id: 'driftReapply',
  method: 'POST',
  path: '/api/v1/drift/reapply',
  scope: 'changes:write',
  tag,
  summary: 'Put the panel’s version back over what somebody else changed at the edge',
  body: driftBody,
  status: 200,
  response: z.object({ saved: Saved }),
})
export const driftAdopt = operation({
  id: 'driftAdopt',
  method: 'POST',
  path: '/api/v1/drift/adopt',
  scope: 'changes:write',
  tag,
  summary: 'Take what somebody else changed at the edge into the panel',
  body: driftBody,
  status: 200,
  response: z.object({ words: z.array(z.string()), saved: Saved }),
})
