import pino, { type Logger } from 'pino'

/** Names whose values never reach a log, wherever they stand in what is logged. */
const secrets = [
  'password',
  'passwordHash',
  'password_hash',
  'token',
  'tokenHash',
  'csrfToken',
  'masterKey',
  'cookie',
  'authorization',
  '["set-cookie"]',
  '["x-csrf-token"]',
]
const anywhere = secrets.flatMap((name) => {
  const key = name.startsWith('[') ? name : `.${name}`
  return [key.replace(/^\./, ''), `*${key}`, `*.*${key}`, `*.*.*${key}`]
})

/** JSON lines on standard output; the launcher or the container's runtime keeps them. */
export const createLog = (level: string, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      redact: { paths: anywhere, censor: '[redacted]' },
      serializers: {
        err: errorOf,
        // Only what tells requests apart: URLs may carry a token, headers always do.
        req: (req: { id?: string; method?: string }) => ({ id: req.id, method: req.method }),
      },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )

/** The chain of causes with their stacks; nothing else that an error may carry along, such as its query's parameters. */
function errorOf(err: unknown, depth = 0): unknown {
  if (!(err instanceof Error)) return { message: typeof err === 'string' ? err : `a thrown ${typeof err}` }
  const { name, message, stack, cause } = err
  const code = 'code' in err && typeof err.code === 'string' ? { code: err.code } : {}
  const inner = cause === undefined || depth > 4 ? {} : { cause: errorOf(cause, depth + 1) }
  return { name, message, ...code, stack, ...inner }
}
