import { z } from 'zod'
import { FactorProof } from './factors.ts'
import { Me, NewPassword } from './identity.ts'
import { IdParams, operation, Timestamp } from './operation.ts'
import { DisplayName } from './people.ts'

/** Whether the edge knows at once. When it is false, open pages of apps end within 30 s, and new ones are refused now. */
const atOnce = z.boolean()

export const SessionView = z.object({
  id: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  method: z.enum(['setup', 'password', 'passkey', 'oidc']),
  address: z.string(),
  userAgent: z.string(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  authAt: Timestamp,
  factorAt: Timestamp.nullable(),
})
export type SessionView = z.infer<typeof SessionView>
const account = 'My account'
export const sessionList = operation({
  id: 'sessionList',
  method: 'GET',
  path: '/api/v1/me/sessions',
  scope: 'session',
  tag: account,
  summary: 'Where you are signed in, the last used first',
  status: 200,
  response: z.object({ sessions: z.array(SessionView) }),
})
export const sessionEnd = operation({
  id: 'sessionEnd',
  method: 'DELETE',
  path: '/api/v1/me/sessions/:id',
  scope: 'session',
  tag: account,
  summary: 'End one of your sessions',
  params: IdParams,
  status: 200,
  response: z.object({ atOnce }),
})
export const sessionEndOthers = operation({
  id: 'sessionEndOthers',
  method: 'POST',
  path: '/api/v1/me/sessions/end-others',
  scope: 'session',
  tag: account,
  summary: 'End all of your sessions but this one',
  status: 200,
  response: z.object({ ended: z.number().int(), atOnce }),
})
/** E-mail and user name are the administrators': apps know people by them. */
export const meUpdate = operation({
  id: 'meUpdate',
  method: 'PATCH',
  path: '/api/v1/me',
  scope: 'session',
  tag: account,
  summary: 'Change how you are called',
  body: z.object({ displayName: DisplayName }),
  status: 200,
  response: Me,
})
export const passwordChange = operation({
  id: 'passwordChange',
  method: 'PUT',
  path: '/api/v1/me/password',
  scope: 'session',
  tag: account,
  summary: 'Change your password; all other sessions end, and this one gets a new cookie',
  body: z.object({ current: z.string().max(1024), password: NewPassword }),
  status: 200,
  response: z.object({ me: Me, atOnce }),
})
/** The password, or something of the second factor; for a passkey `factorPasskeyOptions` begins it. */
export const StepUp = z.discriminatedUnion('method', [
  z.object({ method: z.literal('password'), password: z.string().max(1024) }),
  ...FactorProof.options,
])
export type StepUp = z.infer<typeof StepUp>
export const stepUp = operation({
  id: 'stepUp',
  method: 'POST',
  path: '/api/v1/step-up',
  scope: 'session',
  tag: account,
  summary: 'Prove once more who you are: for ten minutes all is open that answered `step_up_required`',
  body: StepUp,
  status: 200,
  response: Me,
})

/** How long a session lasts in any case, in hours. Unused ones end after a day. */
export const SessionLimits = z.object({ hours: z.number().int().min(1).max(720) })
export const sessionLimitsView = operation({
  id: 'sessionLimitsView',
  method: 'GET',
  path: '/api/v1/session-limits',
  scope: 'settings:read',
  tag: 'People',
  summary: 'How long sessions last',
  status: 200,
  response: SessionLimits,
})
export const sessionLimitsUpdate = operation({
  id: 'sessionLimitsUpdate',
  method: 'PUT',
  path: '/api/v1/session-limits',
  scope: 'settings:write',
  tag: 'People',
  summary: 'Change how long sessions last; shorter counts for those that are open, too',
  body: SessionLimits,
  status: 200,
  response: SessionLimits,
})
