import { z } from 'zod'

/** One line of the settings: added, taken away, or as it was. */
export const DiffLine = z.object({ op: z.enum(['add', 'del', 'same']), text: z.string() })
export type DiffLine = z.infer<typeof DiffLine>

export const ObjectKind = z.enum(['host', 'pool', 'policy', 'settings'])
export type ObjectKind = z.infer<typeof ObjectKind>

/** What changes of one host, one pool, one policy or the settings. */
export const ObjectDiff = z.object({
  kind: ObjectKind,
  id: z.string(),
  name: z.string(),
  how: z.enum(['added', 'changed', 'removed']),
  /** One sentence a person could say for each effect. */
  words: z.array(z.string()),
  diff: z.array(DiffLine),
})
export type ObjectDiff = z.infer<typeof ObjectDiff>

/** The edge's configuration of one object, before and after; null where there is none. */
export const CaddyChange = z.object({
  kind: z.enum(['host', 'pool', 'base']),
  id: z.string(),
  name: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
})
export type CaddyChange = z.infer<typeof CaddyChange>

/** What a change would do, computed without loading it. */
export const Preview = z.object({
  /** One sentence a person could say for each effect. */
  words: z.array(z.string()),
  /** harmless: labels only. normal: inline preview. risky: a preview of its own, and kept only after a word. */
  risk: z.enum(['harmless', 'normal', 'risky']),
  /** Why it is risky. */
  risks: z.array(z.string()),
  /** Why it cannot be done, as it would lock the operator out or something stands in its way; null when it can. */
  blocked: z.string().nullable(),
  /** Object by object; at most 100, the rest is counted by `touched`. */
  objects: z.array(ObjectDiff),
  /** At most 20. */
  caddy: z.array(CaddyChange),
  touched: z.array(z.object({ id: z.string(), name: z.string() })),
  untouched: z.number().int(),
  needsLoad: z.boolean(),
  edge: z.object({
    accepted: z.boolean().nullable(),
    reason: z.string().nullable(),
    field: z.string().nullable(),
  }),
})
export type Preview = z.infer<typeof Preview>

/** Seconds that a change waits to be kept; without an answer it goes back by itself. Left out: it is kept at once. */
export const ConfirmQuery = z.object({ confirmS: z.coerce.number().int().min(10).max(300).optional() })
