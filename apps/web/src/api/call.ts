import { ApiError, answerOf, type Input, type Operation, type Output, requestOf } from '@argos/contract'
import { clockSays } from './clock.ts'
import { csrfToken, sessionEnded } from './session.ts'

export { ApiError, type Input, type Output }

type Args<O extends Operation> =
  Record<never, never> extends Input<O>
    ? [input?: Input<O>, signal?: AbortSignal]
    : [input: Input<O>, signal?: AbortSignal]

/** Makes a `call` that talks to one origin. Reads send no CSRF token; everything that changes something does. */
export function createCall(origin: () => string) {
  return async <O extends Operation>(op: O, ...[input, signal]: Args<O>): Promise<Output<O>> => {
    const { method, path, body } = requestOf(op, (input ?? {}) as Input<O>)
    const headers = new Headers({ accept: 'application/json' })
    if (method !== 'GET') headers.set('x-csrf-token', csrfToken())
    if (body !== undefined) headers.set('content-type', 'application/json')
    const res = await fetch(new URL(path, origin()), {
      method,
      headers,
      credentials: 'same-origin',
      signal: signal ?? null,
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      const next = method === 'GET' ? 'this page tries again.' : 'try again in a moment.'
      const message = `The panel does not answer. Your hosts go on serving; ${next}`
      throw new ApiError(0, { code: 'unreachable', message, requestId: '' })
    })
    clockSays(res.headers.get('date'))
    try {
      return answerOf(op, { status: res.status, body: await res.text() })
    } catch (err) {
      if (err instanceof ApiError && err.code === 'unauthenticated' && op.id !== 'login') sessionEnded()
      throw err
    }
  }
}

/** Calls the panel that served this page. Throws `ApiError`. */
export const call = createCall(() => location.origin)
