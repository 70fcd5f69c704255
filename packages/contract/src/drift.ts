import { z } from 'zod'
import { operation, Timestamp } from './operation.ts'
import { Saved } from './pools.ts'

const tag = 'Changes'

/** Something at the edge that is not as the panel left it: somebody else changed it. */
export const DriftObject = z.object({
  kind: z.enum(['host', 'pool', 'base']),
  id: z.string(),
  name: z.string(),
  how: z.enum(['edited', 'added', 'removed']),
  /** The panel's and the edge's Caddy JSON; null where there is none. Of all but the first 50 they are left out. */
  ours: z.unknown().nullable().optional(),
  theirs: z.unknown().nullable().optional(),
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
  /** Hosts, then pools, then the base, each by name. */
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
