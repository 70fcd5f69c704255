import { z } from 'zod'
import { HostName } from './names.ts'
import { operation } from './operation.ts'

/** Where a visitor of a protected host wanted to go: a path and query of that host. */
const ReturnPath = z.string().max(2048)

/** What becomes of a visitor whom the gate sent here. */
export const Authorization = z.discriminatedUnion('kind', [
  /** Back to the host, with a ticket that is good once and for a minute. */
  z.object({ kind: z.literal('go'), url: z.string() }),
  /** The session ended meanwhile. Without one the answer is 401. */
  z.object({ kind: z.literal('sign_in') }),
  /** The host wants a second factor, or a fresher one; then ask again. */
  z.object({ kind: z.literal('factor'), name: z.string() }),
  /** This account may not open it, whatever it does. */
  z.object({ kind: z.literal('denied'), name: z.string() }),
])
export type Authorization = z.infer<typeof Authorization>

export const authorize = operation({
  id: 'authorize',
  method: 'POST',
  path: '/api/v1/authorize',
  scope: 'session',
  tag: 'Sign-in',
  summary: 'Take this session to a host that asked who the visitor is',
  body: z.object({
    /** Its id. */
    host: z.string().max(64),
    /** Which of its names, when it has several. */
    name: z.string().max(260).optional(),
    rd: ReturnPath.default('/'),
    /** The host wants a second factor, or a fresher one, and nothing else is missing. */
    factor: z.boolean().default(false),
    /** Base64url SHA-256 of what the host put into the visitor's browser. */
    state: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  }),
  status: 200,
  response: Authorization,
})

/** Under which name people may be sent back to an app after they signed in. */
export const ReturnLimits = z.object({
  /** Only to hosts with this name or one below it; empty: to every host that is published. */
  parentDomain: z.union([z.literal(''), HostName]),
})
export type ReturnLimits = z.infer<typeof ReturnLimits>
export const returnLimitsView = operation({
  id: 'returnLimitsView',
  method: 'GET',
  path: '/api/v1/return-limits',
  scope: 'settings:read',
  tag: 'Sign-in',
  summary: 'To which hosts people may be taken after they signed in',
  status: 200,
  response: ReturnLimits,
})
export const returnLimitsUpdate = operation({
  id: 'returnLimitsUpdate',
  method: 'PUT',
  path: '/api/v1/return-limits',
  scope: 'settings:write',
  tag: 'Sign-in',
  summary: 'Narrow that to the names below one domain',
  body: ReturnLimits,
  status: 200,
  response: ReturnLimits,
})
