import type { Problem } from '@argos/contract'
import type { ZodError } from 'zod'
import { AppError } from '../errors.ts'

export interface Answer {
  readonly status: number
  readonly body: Problem
  /** What goes into the log: a bug and trouble with the machine with their cause, an everyday refusal only for debugging. */
  readonly log: 'bug' | 'trouble' | 'refusal'
}

/** The one place where errors become answers. What is not meant for the caller becomes a bare 500. */
export function toProblem(err: unknown, requestId: string): Answer {
  const e = appErrorOf(err)
  const body = {
    code: e.code,
    message: e.message,
    requestId,
    ...(e.fields ? { fields: [...e.fields] } : {}),
    ...(e.retryAfterS === undefined ? {} : { retryAfterS: e.retryAfterS }),
  }
  const trouble = e.code === 'busy' && e.cause !== undefined
  return { status: e.status, body, log: e.code === 'internal' ? 'bug' : trouble ? 'trouble' : 'refusal' }
}

function appErrorOf(err: unknown): AppError {
  if (err instanceof AppError) return err
  const code = codeOf(err)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError(
      'busy',
      'The database is busy with another program. Nothing was changed; try again.',
      {
        cause: err,
        retryAfterS: 2,
      },
    )
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY')) {
    return new AppError('busy', 'The disk does not take it: it is full or read-only. Nothing was changed.', {
      cause: err,
      retryAfterS: 60,
    })
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new AppError('too_large', 'The request is too large.', { cause: err })
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new AppError('unsupported_media_type', 'Send JSON, as application/json.', { cause: err })
  }
  const status = (err as { statusCode?: unknown } | null)?.statusCode
  if (code.startsWith('FST_ERR_') && typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('invalid', 'The request is malformed.', { cause: err })
  }
  return new AppError(
    'internal',
    'Something went wrong inside Argos; the log has it under this request id.',
    {
      cause: err,
    },
  )
}

/** What is wrong with a request, under the path of each field, as in `domains.0`. Only for requests: elsewhere it is a bug. */
export function invalid(err: ZodError): AppError {
  const fields = err.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const [only] = fields
  const message =
    fields.length === 1 && only
      ? only.message
      : `${fields.length} fields need another look: ${[...new Set(fields.map((f) => f.path))].join(', ')}.`
  return new AppError('invalid', message, { cause: err, fields })
}

function codeOf(err: unknown): string {
  const code = (err as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
