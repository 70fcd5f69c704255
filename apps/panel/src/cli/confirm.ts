import { wholeNumber } from './pairs.ts'
import { exitCode, Refusal } from './verb.ts'

export const confirmOption = { confirm: { type: 'string' } } as const
export const confirmWords = { confirm: 'SECONDS: put it back unless `revisions keep` comes by then' } as const

/** The query of a verb that may be kept later; the contract's bounds are said here, before anything is asked. */
export function confirmQuery(typed: string | undefined): { confirmS?: number } {
  if (typed === undefined) return {}
  const confirmS = wholeNumber('--confirm', typed)
  if (confirmS >= 10 && confirmS <= 300) return { confirmS }
  throw new Refusal(
    `--confirm takes 10 to 300 seconds, not ${confirmS}.`,
    'Without it the change is kept at once.',
    exitCode.usage,
  )
}
