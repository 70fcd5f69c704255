/** Why a call out did not happen, or did not end well. `message` is safe to show: it holds nothing of the reply. */
export type GuardReason =
  | 'url' // not http(s), a user name, control characters, a disguised address
  | 'address' // leads where this call may not go
  | 'unresolved' // the name has no address
  | 'redirect' // an answer sent us somewhere we may not follow
  | 'refused' // nothing listens
  | 'unreachable' // no route, no answer
  | 'timeout'
  | 'tls' // the certificate is not trusted, or no TLS is spoken
  | 'protocol' // it answers, but not in HTTP
  | 'closed' // it hung up before it answered

export class GuardError extends Error {
  override readonly name = 'GuardError'
  readonly reason: GuardReason
  constructor(reason: GuardReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.reason = reason
  }
}

const byCode: Readonly<Record<string, GuardReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_SOCKET: 'closed',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  EPROTO: 'tls',
}

const words: Readonly<Partial<Record<GuardReason, (place: string) => string>>> = {
  refused: (place) => `Nothing listens on ${place}.`,
  unreachable: (place) => `${place} cannot be reached from this machine.`,
  timeout: (place) => `${place} did not answer in time.`,
  tls: (place) => `${place} does not speak TLS with a certificate this machine trusts.`,
  protocol: (place) => `Something listens on ${place}, but it does not speak HTTP.`,
  closed: (place) => `${place} closed the connection without an answer.`,
}

/** Turns what the network stack threw into a reason; the original stays as its cause. */
export function asGuardError(err: unknown, place: string): GuardError {
  if (err instanceof GuardError) return err
  const reason = reasonOf(err)
  return new GuardError(reason, words[reason]?.(place) ?? `${place} cannot be reached.`, { cause: err })
}

function reasonOf(err: unknown): GuardReason {
  if (err instanceof AggregateError && err.errors.length > 0) return reasonOf(err.errors[0])
  const code = codeOf(err)
  if (code.startsWith('HPE_') || (err instanceof Error && err.name === 'HTTPParserError')) return 'protocol'
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_OSSL)/.test(code)) return 'tls'
  const known = byCode[code]
  if (known) return known
  const { name, cause } = err instanceof Error ? err : { name: '', cause: undefined }
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout'
  return cause === undefined ? 'unreachable' : reasonOf(cause)
}

const codeOf = (err: unknown): string =>
  typeof err === 'object' && err !== null && 'code' in err && typeof err.code === 'string' ? err.code : ''
