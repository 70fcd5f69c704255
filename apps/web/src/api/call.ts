import { ApiError, answerOf, type Input, type Operation, type Output, requestOf } from '@argos/contract'
import { clockSays } from './clock.ts'
import { csrfToken, sessionEnded } from './session.ts'
import { provenAgain } from './step-up.ts'

export { ApiError, type Input, type Output }

type Args<O extends Operation> =
  Record<never, never> extends Input<O>
    ? [input?: Input<O>, signal?: AbortSignal]
    : [input: Input<O>, signal?: AbortSignal]

// What the lights and the dock live on: a panel or an edge that hangs must not look well for long.
const small: ReadonlySet<string> = new Set(['pendingView', 'systemStatus'])

/** A read that hangs is no answer. What changes something is waited for, as it may have been done. */
function within(op: Operation, signal: AbortSignal | undefined): AbortSignal | null {
  if (op.method !== 'GET') return signal ?? null
  const patience = AbortSignal.timeout(small.has(op.id) ? 4_000 : 15_000)
  return signal ? AbortSignal.any([signal, patience]) : patience
}

// They are refused for what they bring, not for a session that is no more.
const bringCredential: ReadonlySet<string> = new Set([
  'login',
  'loginChallenge',
  'loginPasskey',
  'oidcCallback',
])

/** Makes a `call` that talks to one origin. Reads send no CSRF token; everything that changes something does. */
export function createCall(origin: () => string) {
  return async <O extends Operation>(op: O, ...[input, signal]: Args<O>): Promise<Output<O>> => {
    const { method, path, body } = requestOf(op, (input ?? {}) as Input<O>)
    const ask = async () => {
      const headers = new Headers({ accept: 'application/json' })
      if (method !== 'GET') headers.set('x-csrf-token', csrfToken())
      if (body !== undefined) headers.set('content-type', 'application/json')
      const res = await fetch(new URL(path, origin()), {
        method,
        headers,
        credentials: 'same-origin',
        signal: within(op, signal),
        ...(body === undefined ? {} : { body }),
      })
      return { status: res.status, date: res.headers.get('date'), body: await res.text() }
    }
    const attempt = async () => {
      const res = await ask().catch((cause: unknown) => {
        if (signal?.aborted) throw cause
        const next = method === 'GET' ? 'this page tries again.' : 'try again in a moment.'
        const message = `The panel does not answer. Your hosts go on serving; ${next}`
        throw new ApiError(0, { code: 'unreachable', message, requestId: '' })
      })
      clockSays(res.date)
      return answerOf(op, res)
    }
    try {
      return await attempt().catch(async (err: unknown) => {
        // Nothing was done: once the person has proven who they are, the same call is made again.
        if (err instanceof ApiError && err.code === 'step_up_required' && (await provenAgain()))
          return attempt()
        throw err
      })
    } catch (err) {
      if (err instanceof ApiError && err.code === 'unauthenticated' && !bringCredential.has(op.id))
        sessionEnded()
      throw err
    }
  }
}

/** Calls the panel that served this page. Throws `ApiError`. */
export const call = createCall(() => location.origin)
