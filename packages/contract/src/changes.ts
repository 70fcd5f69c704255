import { z } from 'zod'
import { PolicyInput } from './access.ts'
import { HostCreate, HostInput, hostBulkBody } from './hosts.ts'
import { ActorView, Revision, Settings } from './operate.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { PoolInput, Saved } from './pools.ts'
import { CaddyChange, ConfirmQuery, ObjectDiff, Preview } from './preview.ts'

const tag = 'Changes'

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
  z.object({ kind: z.literal('policyCreate'), policy: PolicyInput }),
  z.object({ kind: z.literal('policyUpdate'), id: IdParams.shape.id, policy: PolicyInput }),
  z.object({ kind: z.literal('policyDelete'), id: IdParams.shape.id }),
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
