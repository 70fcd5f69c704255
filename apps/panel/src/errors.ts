import { type ErrorCode, errorStatus, type FieldError } from '@argos/contract'

export interface Details {
  readonly cause?: unknown
  /** What is wrong with which field of the body, such as `domains.0`. */
  readonly fields?: readonly FieldError[]
  /** When trying again can help, in seconds. */
  readonly retryAfterS?: number
}

/** An outcome the caller may see. Anything else that is thrown is a bug and becomes a bare 500. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly fields: readonly FieldError[] | undefined
  readonly retryAfterS: number | undefined

  /** `message` is safe to show: never secrets, SQL or the text of another program. */
  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : {})
    this.code = code
    this.fields = details.fields
    this.retryAfterS = details.retryAfterS
  }

  get status(): number {
    return errorStatus[this.code]
  }
}
