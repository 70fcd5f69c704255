import type { Call, Saved } from '@argos/contract'
import { untilLive } from './live.ts'
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

/** Ends a verb that saved something: waits until it is live and says so, or why it is not. */
export async function reportSaved(
  context: Context,
  call: Call,
  { json, 'no-wait': noWait }: Saying,
  { words, saved, hostIds, state = 'live', answer }: Written,
): Promise<number> {
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
