import type { ErrorCode, FieldError, Method, Operation, Problem } from './operation.ts'

type In<Z> = Z extends { _zod: { input: infer I } } ? I : never
type Out<Z> = Z extends { _zod: { output: infer T } } ? T : never
type Part<O, K extends 'params' | 'query' | 'body'> = O extends { readonly [P in K]: infer Z }
  ? Record<never, never> extends In<Z>
    ? { readonly [P in K]?: In<Z> }
    : { readonly [P in K]: In<Z> }
  : unknown

/** What an operation takes: its params, query and body, each required only when it has required keys. */
export type Input<O extends Operation> = Part<O, 'params'> & Part<O, 'query'> & Part<O, 'body'>
/** What it answers; `undefined` for a 204. */
export type Output<O extends Operation> = O extends { readonly response: infer Z } ? Out<Z> : undefined

/** An operation as it is sent. `body` is JSON, or undefined when there is none. */
export interface ApiRequest {
  readonly method: Method
  readonly path: string
  readonly body: string | undefined
}

interface Loose {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** Method, path and body of a call, with params and query escaped. Empty and undefined query values are left out. */
export function requestOf<O extends Operation>(op: O, input: Input<O>): ApiRequest {
  const { params, query, body } = input as Loose
  const path = op.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(key, String(value))
  }
  return {
    method: op.method,
    path: search.size === 0 ? path : `${path}?${search}`,
    body: body === undefined ? undefined : JSON.stringify(body),
  }
}

export interface ApiAnswer {
  readonly status: number
  readonly body: string
}

/** What an answer says, in the contract's types; throws `ApiError` for a refusal. */
export function answerOf<O extends Operation>(_op: O, { status, body }: ApiAnswer): Output<O> {
  // The contract guarantees the shape: the panel enforces response schemas before it answers.
  if (status >= 200 && status < 300) return (status === 204 ? undefined : JSON.parse(body)) as Output<O>
  throw new ApiError(status, problemOf(body) ?? unexplained(status))
}

export type Call = <O extends Operation>(op: O, input: Input<O>) => Promise<Output<O>>

/** A typed client over any way of sending a request, as for a script. */
export const caller =
  (send: (request: ApiRequest) => Promise<ApiAnswer>): Call =>
  async (op, input) =>
    answerOf(op, await send(requestOf(op, input)))

type Said = Omit<Problem, 'code'> & { readonly code: ErrorCode | 'unreachable' }

/** A refusal of the API, or `unreachable` when no answer came. `message` is written for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode | 'unreachable'
  readonly status: number
  readonly requestId: string
  readonly fields: readonly FieldError[]
  /** Seconds, when waiting helps. */
  readonly retryAfterS: number | undefined

  constructor(status: number, problem: Said) {
    super(problem.message)
    this.status = status
    this.code = problem.code
    this.requestId = problem.requestId
    this.fields = problem.fields ?? []
    this.retryAfterS = problem.retryAfterS
  }

  /** What is wrong with one field, by its path in the body, such as `domains.0`. */
  field(path: string): string | undefined {
    return this.fields.find((f) => f.path === path)?.message
  }
}

function problemOf(body: string): Problem | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
      ? (value as Problem)
      : null
  } catch {
    return null // a proxy's page, or nothing
  }
}

const unexplained = (status: number): Said => ({
  code: 'internal',
  message: `The panel answered ${status} without saying why.`,
  requestId: '',
})
