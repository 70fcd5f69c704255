import type { Call, Saved } from '@argos/contract'
import { confirmOption, confirmWords } from './confirm.ts'
import { untilLive } from './live.ts'
import { pendingLines, untilTested } from './pending.ts'
import { type Context, exitCode, Refusal } from './verb.ts'

interface Written {
  /** What was done, as a sentence without its end: `Published app.example.com`. */
  readonly words: string
  readonly saved: Saved
  readonly hostIds: readonly string[]
  /** How it is when it is: `live`, or `paused`. */
  readonly state?: string
  readonly answer: unknown
}
export interface Saying {
  readonly json?: boolean | undefined
  readonly 'no-wait'?: boolean | undefined
}

export const savingOptions = { json: { type: 'boolean' }, 'no-wait': { type: 'boolean' } } as const
export const savingWords = { json: 'As JSON', 'no-wait': 'Do not wait until it is live' } as const
/** Of verbs that change what is served already. */
export const changingOptions = { ...savingOptions, ...confirmOption } as const
export const changingWords = { ...savingWords, ...confirmWords } as const

/** Ends a verb that saved something: waits until it is live and says so, or why it is not. */
export async function reportSaved(
  context: Context,
  call: Call,
  saying: Saying,
  written: Written,
): Promise<number> {
  const { json, 'no-wait': noWait } = saying
  const { words, saved, hostIds, state = 'live', answer } = written
  if (saved.pending !== null && !noWait) return reportPending(context, call, saying, written, saved.pending)
  const outcome = noWait ? null : await untilLive(call, saved, hostIds)
  if (json) {
    const live = outcome === null ? saved.live : outcome.live
    context.say(JSON.stringify({ ...(answer as object), saved: { ...saved, live } }, null, 2))
  }
  if (outcome !== null && !outcome.live) {
    throw new Refusal(`${words}: saved, but not live. ${outcome.why}`, outcome.remedy)
  }
  if (!json) context.say(outcome === null ? `${words}: saved.` : `${words}: ${state}.`)
  return exitCode.ok
}

/** The same for a change that waits to be kept: says what was tested, and until when it waits. */
async function reportPending(
  context: Context,
  call: Call,
  { json }: Saying,
  { words, answer }: Written,
  id: string,
): Promise<number> {
  const tested = await untilTested(call, id)
  if (json) context.say(JSON.stringify({ ...(answer as object), ...tested }, null, 2))
  if ('waits' in tested) {
    if (!json) [`${words}: live for now.`, ...pendingLines(tested.waits)].forEach(context.say)
    return exitCode.ok
  }
  if (tested.ended?.outcome === 'kept') {
    if (!json) context.say(`${words}: kept.`)
    return exitCode.ok
  }
  throw new Refusal(
    `${words}: went back. ${tested.ended?.reason ?? ''}`.trimEnd(),
    'What was before is live again; nothing else was changed.',
  )
}
