import type { EndedChange, PendingChange, PromiseCheck } from '@argos/contract'
import { clockSpan } from '../../lib/time.ts'
import { things } from '../../lib/words.ts'
import type { State } from '../../ui/StateGlyph.tsx'

type Named = Pick<PendingChange, 'revision' | 'previous'>

/** "r419", or what to call it before it has a number. */
export const thisOne = ({ revision }: Pick<Named, 'revision'>): string =>
  revision === null ? 'this change' : `r${revision}`
/** "r418", or what to call it when nothing was live before. */
export const theOneBefore = ({ previous }: Pick<Named, 'previous'>): string =>
  previous === null ? 'what was before' : `r${previous}`
export const putBackWords = (pending: Named): string =>
  pending.previous === null ? 'Put it back' : `Put r${pending.previous} back`

export interface Remark {
  readonly state: State
  readonly words: string
  readonly detail: string | null
}

const stateOf: Record<PromiseCheck['state'], State> = {
  waiting: 'off',
  testing: 'busy',
  kept: 'ok',
  broken: 'bad',
  unknown: 'unknown',
}

/** Each promise as a line of a progress list. */
export const promiseLine = ({ words, state, detail }: PromiseCheck): Remark => ({
  state: stateOf[state],
  words,
  detail,
})

/** What is known since it went live: tests that passed as one line, others each by itself. */
export function remarks(
  { promises }: Pick<PendingChange, 'promises'>,
  reaches: boolean,
  queued: number,
): readonly Remark[] {
  const kept = promises.filter((promise) => promise.state === 'kept').length
  const others = promises.filter((promise) => promise.state !== 'kept').map(promiseLine)
  const all = promises.length
  const passed =
    kept === 0
      ? []
      : [{ state: 'ok' as const, words: keptWords(kept, all, promises[0]?.words ?? ''), detail: null }]
  const bad = others.filter((line) => line.state === 'bad')
  const open = others.filter((line) => line.state !== 'bad')
  return [
    ...bad.slice(0, shown),
    ...more(bad.length, 'fails', 'fail', 'bad'),
    ...passed,
    ...open.slice(0, shown),
    ...more(open.length, 'is not known', 'are not known', 'unknown'),
    reaches
      ? { state: 'ok', words: 'This browser still reaches the panel', detail: null }
      : { state: 'bad', words: 'This browser does not reach the panel', detail: null },
    ...(queued === 0
      ? []
      : [
          {
            state: 'watching' as const,
            words: `${things(queued, 'change')} saved since ${queued === 1 ? 'goes' : 'go'} live after it`,
            detail: null,
          },
        ]),
  ]
}

const shown = 3
const more = (n: number, one: string, many: string, state: State): readonly Remark[] => {
  const rest = n - shown
  if (rest <= 0) return []
  return [{ state, words: `${rest} more ${rest === 1 ? one : many}`, detail: null }]
}

function keptWords(kept: number, all: number, only: string): string {
  if (all === 1) return only
  return kept === all ? `All ${all} tests passed` : `${kept} of ${all} tests passed`
}

/** "43 seconds", "1:12 minutes": what is left, for a sentence. */
export const leftWords = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 100 ? things(seconds, 'second') : `${clockSpan(ms)} minutes`
}

const marks = [10, 30, 60] as const
/** What readers are told, and nothing between: the text changes at 60, 30 and 10 seconds only. */
export function spoken(ms: number, pending: Named): string {
  const seconds = Math.ceil(ms / 1000)
  const mark = marks.find((at) => seconds <= at)
  if (mark === undefined || seconds <= 0) return ''
  return `${mark} seconds until ${theOneBefore(pending)} comes back, unless ${thisOne(pending)} is kept.`
}

/** How it ended, for a toast. */
export function endedWords(last: EndedChange, wished = false): { state: State; words: string } {
  const name = thisOne(last)
  if (last.outcome === 'kept') {
    return { state: 'ok', words: last.revision === null ? 'Kept' : `Kept as ${name}` }
  }
  if (wished) return { state: 'ok', words: `${capital(name)} went back` }
  const said = (last.reason ?? '').trim().replace(/\.$/, '')
  const why = said === '' ? '' : `: ${lowerFirst(said)}`
  return { state: 'bad', words: `${capital(name)} went back${why}` }
}
const capital = (text: string): string =>
  text.startsWith('r') ? text : text[0]?.toUpperCase() + text.slice(1)
/** Names and codes keep their capitals. */
const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text

/** What the dock is about, as its heading. */
export function headWords(pending: PendingChange): string {
  switch (pending.state) {
    case 'applying':
      return `Applying ${thisOne(pending)}`
    case 'testing':
      return `Testing ${thisOne(pending)}`
    case 'waiting':
      return `Keep ${thisOne(pending)}?`
    case 'keeping':
      return `Keeping ${thisOne(pending)}`
    case 'returning':
      return pending.previous === null ? 'Putting it back' : `Putting r${pending.previous} back`
  }
}

/** What happens next, and what happens without an answer. */
export function whatNext(pending: PendingChange, left: number, reaches: boolean): string {
  const before = theOneBefore(pending)
  if (pending.state === 'keeping') return 'It stays from now on.'
  if (pending.state === 'returning') return 'Exactly what it changed goes back.'
  if (pending.deadline === null) return `Each promise is tested. If one fails, ${before} comes back.`
  if (!reaches) {
    return left > 0
      ? `The panel does not answer here. Without an answer the edge brings ${before} back by itself in ${leftWords(left)}.`
      : `The panel does not answer here. Unless it was kept, the edge has brought ${before} back by itself.`
  }
  if (left <= 0) return `Its time is over: ${before} comes back.`
  return `In ${leftWords(left)} ${before} comes back by itself. Try the site first.`
}
