import { literal } from './literal.ts'

interface Log {
  readonly writer: {
    readonly output: 'file'
    readonly filename: string
    readonly mode: string
    readonly roll_size_mb: number
    readonly roll_keep: number
    readonly roll_keep_days: number
    readonly roll_compression: 'none'
  }
  readonly encoder: {
    readonly format: 'filter'
    readonly wrap: { readonly format: 'json' }
    readonly fields: Readonly<Record<string, object>>
  }
  readonly level: 'INFO'
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}
export interface Logging {
  readonly logs: { readonly default: Log; readonly access: Log }
}

const ACCESS = 'http.log.access'

/** Query parameters whose values are credentials in some protocol or application. */
const SECRET_PARAMETERS = [
  'access_token',
  'api_key',
  'apikey',
  'auth',
  'client_secret',
  'code',
  'code_verifier',
  'id_token',
  'jwt',
  'key',
  'pass',
  'passwd',
  'password',
  'refresh_token',
  'secret',
  'session',
  'sig',
  'signature',
  'state',
  'ticket',
  'token',
  'x-amz-credential',
  'x-amz-security-token',
  'x-amz-signature',
]

/** Two fixed files: a writer that a reload opens is never closed, so nothing here depends on hosts. */
export const logging = (logDir: string): Logging => ({
  logs: {
    default: log(`${logDir}/edge.log`, { exclude: [ACCESS] }),
    access: log(`${logDir}/access.log`, { include: [ACCESS] }),
  },
})

const log = (file: string, which: Pick<Log, 'include' | 'exclude'>): Log => ({
  writer: {
    output: 'file',
    filename: literal(file),
    mode: '0640',
    roll_size_mb: 100,
    roll_keep: 5,
    roll_keep_days: 365,
    roll_compression: 'none',
  },
  // Caddy copies the request for both logs before any handler runs: cookies, identity headers and secrets stand in it.
  encoder: {
    format: 'filter',
    wrap: { format: 'json' },
    fields: {
      'request>headers': { filter: 'delete' },
      resp_headers: { filter: 'delete' },
      'request>uri': {
        filter: 'query',
        actions: SECRET_PARAMETERS.map((parameter) => ({ type: 'replace', parameter, value: 'REDACTED' })),
      },
    },
  },
  level: 'INFO',
  ...which,
})
