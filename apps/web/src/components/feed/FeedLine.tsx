import type { ReactNode } from 'react'
import { type Actor, sentence } from '../../lib/actor.ts'
import { clock } from '../../lib/days.ts'
import type { Light } from '../../lib/host.ts'
import { duration, moment } from '../../lib/time.ts'
import { Status } from '../../ui/StateGlyph.tsx'

interface Props {
  /** "r419", or nothing before it has a number. */
  name: string
  actor: Actor
  words: readonly string[]
  me: string
  at: number
  /** What became of it. */
  outcome: Light | null
  tookMs?: number | undefined
  /** Why it is not live. */
  error?: string | null | undefined
  onOpen: () => void
  /** Below the words: whom it touched. */
  children?: ReactNode
}

const shownWords = 3

/** One row of a feed: who did what, what became of it, and when. The whole of it opens. */
export function FeedLine({ name, actor, words, me, at, outcome, tookMs, error, onOpen, children }: Props) {
  const [first = 'Changed the edge', ...more] = words
  const said = sentence(actor, first, me)
  const status = outcome === null ? null : <Status state={outcome.state}>{outcome.words}</Status>
  const loud = outcome?.state === 'bad' || outcome?.state === 'warn' ? outcome.state : 't2'
  return (
    <>
      <span className="no t3">{name}</span>
      <div className="what">
        <button type="button" className="opens" aria-haspopup="dialog" onClick={onOpen}>
          <span>
            {said.who === '' ? null : <b>{said.who} </b>}
            {said.does}
            {name === '' ? null : <span className="sr">, {name}</span>}
          </span>
        </button>
        {more.length === 0 ? null : (
          <ul className="t2">
            {more.slice(0, shownWords - 1).map((word) => (
              <li key={word}>{word}</li>
            ))}
            {more.length >= shownWords ? (
              <li className="t3">and {more.length - shownWords + 1} more</li>
            ) : null}
          </ul>
        )}
        {error ? <p className={`sm whitespace-pre-line ${loud}`}>{error}</p> : null}
        {children}
        <p className="phone-only sub">
          {name === '' ? null : <span className="t3">{name}</span>}
          <span className={loud}>{status}</span>
        </p>
      </div>
      <span className={`out phone-hide ${loud}`}>{status}</span>
      <span className="when" title={moment(at)}>
        {tookMs === undefined ? null : <span className="took">{duration(tookMs)}</span>}
        <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
      </span>
    </>
  )
}
