import { z } from 'zod'

/** Every event a feature may emit into the outbox, with the shape of its data. Delivery comes with notifications. */
export const eventCatalogue = {
  'host.published': z.object({ hostId: z.string(), name: z.string() }),
  'host.changed': z.object({ hostId: z.string(), name: z.string() }),
  'host.deleted': z.object({ hostId: z.string(), name: z.string() }),
  'apply.refused': z.object({ generation: z.number(), hostId: z.string().nullable(), reason: z.string() }),
  'apply.probe_failed': z.object({ hostId: z.string(), name: z.string(), reason: z.string() }),
  'change.kept': z.object({ revision: z.number().nullable(), words: z.array(z.string()) }),
  'change.returned': z.object({
    revision: z.number().nullable(),
    words: z.array(z.string()),
    reason: z.string(),
  }),
  'edge.drifted': z.object({ objects: z.number(), names: z.array(z.string()) }),
  'edge.unreachable': z.object({ since: z.number(), reason: z.string() }),
  'edge.back': z.object({ downMs: z.number() }),
  /** The name only when somebody has it: what is typed by mistake may be a password. */
  'login.failed': z.object({ username: z.string().nullable(), address: z.string() }),
  'login.banned': z.object({ address: z.string(), untilMs: z.number() }),
  /** Five wrong codes of a second factor, whatever addresses they came from. */
  'factor.exhausted': z.object({ userId: z.string(), username: z.string(), address: z.string() }),
  'factor.changed': z.object({
    userId: z.string(),
    username: z.string(),
    what: z.enum([
      'totp_added',
      'totp_removed',
      'passkey_added',
      'passkey_removed',
      'recovery_codes_renewed',
      'recovery_code_used',
      'all_removed',
    ]),
  }),
  'user.created': z.object({ userId: z.string(), username: z.string() }),
  'user.changed': z.object({
    userId: z.string(),
    username: z.string(),
    what: z.enum(['role', 'disabled', 'enabled', 'deleted', 'password', 'reset_link']),
  }),
  'settings.changed': z.object({ fields: z.array(z.string()) }),
} as const
export type EventType = keyof typeof eventCatalogue
export type EventData<T extends EventType> = z.infer<(typeof eventCatalogue)[T]>
export const severities: Record<EventType, 'info' | 'warning' | 'error' | 'critical'> = {
  'host.published': 'info',
  'host.changed': 'info',
  'host.deleted': 'info',
  'apply.refused': 'error',
  'apply.probe_failed': 'warning',
  'change.kept': 'info',
  'change.returned': 'warning',
  'edge.drifted': 'warning',
  'edge.unreachable': 'critical',
  'edge.back': 'info',
  'login.failed': 'warning',
  'login.banned': 'warning',
  'factor.exhausted': 'warning',
  'factor.changed': 'info',
  'user.created': 'info',
  'user.changed': 'info',
  'settings.changed': 'info',
}
