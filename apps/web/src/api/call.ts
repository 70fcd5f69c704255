import type { FieldError, Operation, Problem } from '@argos/contract'
import { csrfToken, sessionEnded } from './session.ts'

type In<Z> = Z extends { _zod: { input: infer I } } ? I : never
type Out<Z> = Z extends { _zod: { output: infer T } } ? T : never
type Part<O, K extends 'params' | 'query' | 'body'> = O extends { readonly [P in K]: infer Z }
  ? Record<never, never> extends In<Z>
    ? { readonly [P in K]?: In<Z> }
    : { readonly [P in K]: In<Z> }
  : unknown

/** What `call` takes for an operation: its params, query and body, each required only when it has required keys. */
export type Input<O extends Operation> = Part<O, 'params'> & Part<O, 'query'> & Part<O, 'body'>
/** What `call` answers; `undefined` for a 204. */
export type Output<O extends Operation> = O extends { readonly response: infer Z } ? Out<Z> : undefined

type Args<O extends Operation> =
  Record<never, never> extends Input<O>
    ? [input?: Input<O>, signal?: AbortSignal]
    : [input: Input<O>, signal?: AbortSignal]

/** A refusal of the API, or `unreachable` when no answer came. `message` is written for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: Problem['code'] | 'unreachable'
  readonly status: number
  readonly requestId: string
  readonly fields: readonly FieldError[]
  /** Seconds, when waiting helps. */
  readonly retryAfterS: number | undefined

  constructor(status: number, problem: Omit<Problem, 'code'> & { code: Problem['code'] | 'unreachable' }) {
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

interface Loose {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** The path of an operation with its params and query filled in and escaped. */
export function pathOf(op: Operation, { params, query }: Loose): string {
  const path = op.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(key, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}

const isProblem = (v: unknown): v is Problem =>
  typeof v === 'object' && v !== null && 'code' in v && 'message' in v

async function refusal(res: Response): Promise<ApiError> {
  const body: unknown = await res.json().catch(() => null)
  if (isProblem(body)) return new ApiError(res.status, body)
  const message = `The panel answered ${res.status} without saying why.`
  return new ApiError(res.status, { code: 'internal', message, requestId: '' })
}

/** Makes a `call` that talks to one origin. Reads send no CSRF token; everything that changes something does. */
export function createCall(origin: () => string) {
  return async <O extends Operation>(op: O, ...[input, signal]: Args<O>): Promise<Output<O>> => {
    const loose = (input ?? {}) as Loose
    const headers = new Headers({ accept: 'application/json' })
    if (op.method !== 'GET') headers.set('x-csrf-token', csrfToken())
    if (loose.body !== undefined) headers.set('content-type', 'application/json')
    const res = await fetch(new URL(pathOf(op, loose), origin()), {
      method: op.method,
      headers,
      credentials: 'same-origin',
      signal: signal ?? null,
      ...(loose.body === undefined ? {} : { body: JSON.stringify(loose.body) }),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      const next = op.method === 'GET' ? 'this page tries again.' : 'try again in a moment.'
      const message = `The panel does not answer. Your hosts go on serving; ${next}`
      throw new ApiError(0, { code: 'unreachable', message, requestId: '' })
    })
    if (!res.ok) {
      const error = await refusal(res)
      if (error.code === 'unauthenticated' && op.id !== 'login') sessionEnded()
      throw error
    }
    // The contract guarantees the shape: the panel enforces response schemas before it answers.
    return (res.status === 204 ? undefined : await res.json()) as Output<O>
  }
}

/** Calls the panel that served this page. Throws `ApiError`. */
export const call = createCall(() => location.origin)
