import { z } from 'zod'
import { operation, Timestamp } from './operation.ts'

export const Role = z.enum(['admin', 'member'])
export type Role = z.infer<typeof Role>
export const Username = z
  .string()
  .max(256)
  .transform((typed, ctx) => {
    const name = typed.normalize('NFKC').trim().toLowerCase()
    if (/^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name)) return name
    ctx.addIssue({
      code: 'custom',
      message:
        'A name has 1 to 64 letters, digits, dots, dashes, underscores or @, and starts with a letter or digit.',
    })
    return z.NEVER
  })
export const NewPassword = z
  .string()
  .min(10, 'Use at least 10 characters; a few words are easier to keep than symbols.')
  .max(1024)

export const Me = z.object({
  user: z.object({
    id: z.string(),
    username: z.string(),
    role: Role,
    displayName: z.string(),
    email: z.string(),
    /** Whether there is a password to sign in and step up with. */
    hasPassword: z.boolean(),
  }),
  /** When they last proved who they are, and when with a second factor. */
  session: z.object({ id: z.string(), authAt: Timestamp, factorAt: Timestamp.nullable() }),
  /** Sent back in `x-csrf-token` with every request that changes something; bound to the session. */
  csrfToken: z.string(),
  /** Things that nag until they are done. */
  pending: z.array(z.enum(['recovery_sheet', 'panel_domain', 'first_host'])),
  /** Lasting warnings about how the panel is reached. */
  warnings: z.array(z.enum(['insecure_http', 'wrong_key'])),
})
export type Me = z.infer<typeof Me>

/** What can be asked for after the first proof of who somebody is. */
export const FactorMethod = z.enum(['totp', 'recovery', 'passkey'])
export type FactorMethod = z.infer<typeof FactorMethod>
/** Half a sign-in: `loginChallenge` finishes it. `id` is secret, works once, and ends with `expiresAt`. */
export const Challenge = z.object({
  id: z.string(),
  methods: z.array(FactorMethod),
  expiresAt: Timestamp,
})
export type Challenge = z.infer<typeof Challenge>
export const SignedInAnswer = z.object({ kind: z.literal('signed_in'), me: Me })
/** The cookie comes only with `signed_in`. */
export const LoginAnswer = z.discriminatedUnion('kind', [
  SignedInAnswer,
  z.object({ kind: z.literal('challenge'), challenge: Challenge }),
])
export type LoginAnswer = z.infer<typeof LoginAnswer>

const tag = 'Identity'
/** `tokenValid` is null when no token was sent. */
export const setupView = operation({
  id: 'setupView',
  method: 'GET',
  path: '/api/v1/setup',
  scope: 'public',
  tag,
  summary: 'Whether the first administrator is still to be made',
  status: 200,
  response: z.object({ needed: z.boolean(), tokenValid: z.boolean().nullable() }),
  query: z.object({ token: z.string().max(200).optional() }),
})
export const setupCreate = operation({
  id: 'setupCreate',
  method: 'POST',
  path: '/api/v1/setup',
  scope: 'public',
  tag,
  summary: 'Make the first administrator with the one-time token from the console',
  body: z.object({ token: z.string().max(200), username: Username, password: NewPassword }),
  status: 201,
  response: Me,
})
export const login = operation({
  id: 'login',
  method: 'POST',
  path: '/api/v1/login',
  scope: 'public',
  tag,
  summary: 'Sign in with name and password; whoever has a second factor is asked for it next',
  body: z.object({ username: z.string().max(256), password: z.string().max(1024) }),
  status: 200,
  response: LoginAnswer,
})
export const logout = operation({
  id: 'logout',
  method: 'POST',
  path: '/api/v1/logout',
  scope: 'public',
  tag,
  summary: 'Sign out; works twice and with an expired session',
  status: 204,
})
export const meView = operation({
  id: 'meView',
  method: 'GET',
  path: '/api/v1/me',
  scope: 'session',
  tag,
  summary: 'Who is signed in',
  status: 200,
  response: Me,
})
/** The key itself is never answered by the API; the sheet says where it is and how to print it. */
export const RecoverySheet = z.object({
  keyFingerprint: z.string(),
  keyLocation: z.string(),
  command: z.string(),
  done: z.boolean(),
  doneAt: Timestamp.nullable(),
})
export const recoverySheetView = operation({
  id: 'recoverySheetView',
  method: 'GET',
  path: '/api/v1/recovery-sheet',
  scope: 'settings:read',
  tag,
  summary: 'Where the master key is, and its fingerprint',
  status: 200,
  response: RecoverySheet,
})
export const recoverySheetConfirm = operation({
  id: 'recoverySheetConfirm',
  method: 'POST',
  path: '/api/v1/recovery-sheet',
  scope: 'settings:write',
  tag,
  summary: 'Say that the key is kept elsewhere; `lastFour` are its last four characters',
  body: z.object({ lastFour: z.string().max(16) }),
  status: 200,
  response: RecoverySheet,
})
