import { AppError } from '../errors.ts'

const MOST = 200

/** Text of another program's, fit to be shown and logged: one line, no control characters, not long (OI-18). */
export function quoted(text: unknown): string {
  const plain = String(text)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const points = [...plain]
  return points.length > MOST ? `${points.slice(0, MOST).join('')}…` : plain
}

/** Why nobody was signed in. `message` is for the login page; `detail` is for the log. */
export class NotSignedIn extends AppError {
  readonly detail: string
  constructor(
    message: string,
    detail: unknown = '',
    code: 'unauthenticated' | 'forbidden' | 'busy' = 'unauthenticated',
  ) {
    super(code, message, code === 'busy' ? { retryAfterS: 10 } : {})
    this.detail = quoted(detail instanceof Error ? chain(detail) : detail)
  }
}

/** An error and what caused it; claims and tokens that libraries put in as a cause are no errors, and stay out. */
function chain(err: Error): string {
  const { cause } = err
  return cause instanceof Error ? `${err.message}: ${chain(cause)}` : err.message
}

/** What the provider answered instead of a code (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const refusals: Readonly<Record<string, string>> = {
  access_denied:
    'Nobody was signed in: it was called off at the provider, or you may not use this application there.',
  invalid_scope:
    'The provider does not give one of the scopes. Take it off in Argos’ settings, or allow it at the provider.',
  unauthorized_client:
    'The provider does not let this client use the code flow. Allow “authorization code” for it there.',
  unsupported_response_type:
    'The provider does not let this client use the code flow. Allow “authorization code” for it there.',
  invalid_request:
    'The provider took the request for malformed. Compare the redirect address and client id there.',
  login_required: 'The provider wants you to sign in there first.',
  interaction_required: 'The provider wants you to sign in there first.',
  temporarily_unavailable: 'The provider cannot sign anybody in at the moment. Try again, or use a password.',
  server_error: 'The provider ran into an error of its own; its log has it.',
}

export function refusedAtProvider(error: string, description: string | undefined): NotSignedIn {
  const said = description ? `${quoted(error)}: ${quoted(description)}` : quoted(error)
  const known = Object.hasOwn(refusals, error) ? refusals[error] : undefined
  return new NotSignedIn(`${known ?? 'The provider signed nobody in.'} It said “${said}”.`, said)
}
