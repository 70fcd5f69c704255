import { userInfo } from 'node:os'
import { ApiError, type Call, caller } from '@argos/contract'
import { AppError } from '../errors.ts'
import { proofOf } from '../http/proof.ts'
import { sendSocket } from './run/ask.ts'
import { type Context, exitCode, Refusal } from './verb.ts'

/** An apply is waited for inside an answer, and a list of thousands takes its time. */
const TIMEOUT_MS = 30_000

/**
 * A typed client of the running panel, over its private socket. Each request carries a proof made with the master key,
 * so it is checked, audited and applied as what a page sends, in the name of this machine's user.
 */
export function panelApi(context: Context): Call {
  const { masterKey, panelSocket } = context.config()
  const name = userName()
  return caller(async (request) => {
    const { method, path, body } = request
    const headers = {
      host: 'panel',
      accept: 'application/json',
      authorization: proofOf(masterKey, request, name, Date.now()),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    }
    try {
      return await sendSocket(panelSocket, { method, path, headers, body }, TIMEOUT_MS)
    } catch (err) {
      throw unreachable(err, panelSocket)
    }
  })
}

/** The name in the audit trail. A user without an entry in passwd, as in a container, has only a number. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

function unreachable(err: unknown, socket: string): ApiError {
  const code = (err as NodeJS.ErrnoException).code
  const message =
    code === 'EACCES'
      ? `This user may not open the panel's socket ${socket}. Run it as the user who runs Argos.`
      : code === 'ENOENT' || code === 'ECONNREFUSED'
        ? `No panel runs here: nobody answers on ${socket}. \`./argos up\` starts it.`
        : `The panel does not answer on ${socket}. \`./argos status\` and \`./argos logs panel\` tell more.`
  return new ApiError(0, { code: 'unreachable', message, requestId: '' })
}

/** Runs what talks to the panel. Refusals end in two lines for people, and with `json` in a document as well. */
export async function asking(
  context: Context,
  json: boolean | undefined,
  run: (call: Call) => Promise<number | undefined>,
): Promise<number | undefined> {
  try {
    return await run(panelApi(context))
  } catch (err) {
    const refused = refusalOf(err)
    if (refused === null) throw err
    if (json) {
      const { code, message, requestId, fields } = refused
      context.say(JSON.stringify({ error: { code, message, fields, requestId } }, null, 2))
    }
    throw worded(refused)
  }
}

/** What the panel would have said of something that is not there. */
export const notFound = (message: string): ApiError =>
  new ApiError(404, { code: 'not_found', message, requestId: '' })

/** The same for what is looked at before it is sent, such as an address that is none. */
function refusalOf(err: unknown): ApiError | null {
  if (err instanceof ApiError) return err
  if (!(err instanceof AppError)) return null
  const { code, message, fields = [] } = err
  return new ApiError(err.status, { code, message, requestId: '', fields: [...fields] })
}

/** First what is wrong, and with which field; then what to do about it. */
export function worded({ code, message, fields, requestId, retryAfterS }: ApiError): Refusal {
  const said =
    fields.length > 0
      ? fields.map((f) => ({ field: f.path, text: f.message }))
      : [{ field: '', text: message }]
  const parts = said.map(({ field, text }) => ({ field, ...split(text) }))
  const wrong = parts.map(({ field, first }) => (field === '' ? first : `${field}: ${first}`))
  const remedies = [...new Set(parts.map(({ rest }) => rest).filter((rest) => rest !== ''))]
  const fallback =
    code === 'unauthenticated'
      ? 'Is this the .env that the panel was started with? `./argos restart` takes up another key.'
      : code === 'internal'
        ? `\`./argos logs panel\` has the reason${requestId === '' ? '' : `, under ${requestId}`}.`
        : retryAfterS === undefined
          ? 'Nothing was changed.'
          : `Nothing was changed. Try again in ${retryAfterS} s.`
  const exit =
    code === 'not_found'
      ? exitCode.notFound
      : fields.length > 0 || code === 'invalid' || code === 'rejected_by_edge'
        ? exitCode.refused
        : exitCode.failed
  return new Refusal(
    wrong.join('\n       '),
    remedies.length > 0 ? remedies.join('\n       ') : fallback,
    exit,
  )
}

/** `a.b is taken. Enter another.` in its first sentence and the rest; a dot inside a name ends no sentence. */
function split(text: string): { first: string; rest: string } {
  const [, first = text, rest = ''] = /^(.+?[.?!])\s+(?=[\p{Lu}`])(.*)$/su.exec(text) ?? []
  return { first, rest }
}
