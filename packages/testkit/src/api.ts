import {
  type Input,
  type LoginAnswer,
  type Me,
  type Operation,
  type Output,
  type Problem,
  requestOf,
} from '@argos/contract'
import { type EdgeAnswer, visit } from './clients/request.ts'

/** What an operation takes: its params, query and body. */
export type ApiInput<O extends Operation> = Input<O>
/** What it answers; undefined for a 204. */
export type ApiOutput<O extends Operation> = Output<O>

/** The API refused. `problem` is its body when it was one. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly status: number
  readonly problem: Problem | null
  constructor(operation: string, status: number, body: string) {
    super(`${operation}: ${status} ${body.slice(0, 500)}`)
    this.status = status
    this.problem = body.startsWith('{') ? (JSON.parse(body) as Problem) : null
  }
}

export interface ApiClient {
  /** Calls an operation. Rejects with `ApiRefusal`, or with the connection's error when nobody answers. */
  call<O extends Operation>(operation: O, input: ApiInput<O>): Promise<ApiOutput<O>>
  /** The same path with headers and body of one's own, and whatever answer comes. */
  raw(request: RawRequest): Promise<EdgeAnswer>
  /** Takes up the session that `setupCreate` or `login` answered with. Throws when a second factor is asked for. */
  signedIn(answer: Me | LoginAnswer): void
  cookie(): string
  csrfToken(): string
}

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A client of the panel as browsers are: through the edge, with a cookie jar, the CSRF token and an Origin. */
export function apiClient(panelUrl: string): ApiClient {
  const url = new URL(panelUrl)
  const cookies = new Map<string, string>()
  let csrf = ''
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  const raw = async ({ method, path, headers = {}, body }: RawRequest): Promise<EdgeAnswer> => {
    const answer = await visit({
      port: Number(url.port),
      name: url.host,
      tls: url.protocol === 'https:',
      method,
      path,
      headers: { ...(cookies.size > 0 ? { cookie: cookie() } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
      timeoutMs: 30_000,
    })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const call = async <O extends Operation>(operation: O, input: ApiInput<O>): Promise<ApiOutput<O>> => {
    const { method, path, body } = requestOf(operation, input)
    const answer = await raw({
      method,
      path,
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { origin: url.origin, 'x-csrf-token': csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
    if (answer.status !== operation.status) throw new ApiRefusal(operation.id, answer.status, answer.body)
    return (answer.status === 204 ? undefined : JSON.parse(answer.body)) as ApiOutput<O>
  }
  return {
    call,
    raw,
    signedIn: (answer) => {
      if ('kind' in answer && answer.kind === 'challenge')
        throw new Error(`a second factor is asked for: ${answer.challenge.methods.join(', ')}`)
      csrf = ('kind' in answer ? answer.me : answer).csrfToken
    },
    cookie,
    csrfToken: () => csrf,
  }
}
