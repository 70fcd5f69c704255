import type { PendingChange } from '@argos/contract'
import { Undo2 } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { hereAt } from '../../api/clock.ts'
import { useCountdown } from '../../hooks/countdown.ts'
import { typing } from '../../hooks/page.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { preference } from '../../lib/preferences.ts'
import { Kbd } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import { Refusal } from '../Refusal.tsx'
import { extend, follow, followedNow, keep, putBack } from './pending.ts'
import { Timer } from './Timer.tsx'
import { headWords, putBackWords, remarks, spoken, whatNext } from './words.ts'
import './dock.css'

interface Props {
  pending: PendingChange
  /** Changes saved since. */
  queued: number
  /** Whether the panel answers this browser. */
  reaches: boolean
}

/** A change that waits to be kept: how long it still waits, what was tested, and the two ways on. */
export function Dock({ pending, queued, reaches }: Props) {
  const { id, state, deadline, extended, words } = pending
  const at = useRef<HTMLElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const submit = useSubmit(at)
  const left = useCountdown(deadline === null ? 0 : hereAt(deadline))
  const whole = (extended ? 300 : pending.withinS) * 1000
  const part = deadline === null ? 1 : Math.min(1, left / whole)
  const lines = remarks(pending, reaches, queued)
  const broken = lines.some((line) => line.state === 'bad') && reaches
  const doing = state === 'keeping' || state === 'returning'
  const run = (work: (id: string) => Promise<void>) => void submit.run(() => work(id))

  useEffect(() => {
    // Whoever has just applied it goes on from here; somebody else's change takes no focus away.
    if (followedNow() !== id) return
    follow(null)
    title.current?.focus({ preventScroll: true })
  }, [id])
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!event.shiftKey || event.key.toLowerCase() !== 'k' || event.ctrlKey || event.metaKey || event.altKey)
      return
    if (typing(event.target) || preference('keys') === 'off' || state !== 'waiting' || submit.busy) return
    if (document.querySelector('[role="dialog"]:not(.toast)')) return
    event.preventDefault()
    run(keep)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])

  return (
    <>
      <div className="topline" aria-hidden="true">
        <i style={{ width: `${part * 100}%` }} />
      </div>
      <section ref={at} className="dock" aria-labelledby="dock-title">
        <div className="row g4">
          <Timer part={part} left={left} busy={deadline === null || doing} />
          <div className="grow">
            <h2 id="dock-title" ref={title} tabIndex={-1}>
              {headWords(pending)}
            </h2>
            <p className="t2">{whatNext(pending, left, reaches)}</p>
          </div>
        </div>
        <ul className="since">
          {words.slice(0, 2).map((line) => (
            <li key={`said ${line}`}>
              <StateGlyph state="suggestion" />
              <span>
                <Words text={line} />
              </span>
            </li>
          ))}
          {words.length > 2 ? <li className="more t3">and {words.length - 2} more</li> : null}
          {lines.map((line) => (
            <li key={line.words} className={line.state === 'bad' ? 'bad' : undefined}>
              <StateGlyph state={line.state} />
              <span>
                <Words text={line.words} />
                {line.detail === null ? null : <span className="t3">: {line.detail}</span>}
              </span>
            </li>
          ))}
        </ul>
        <Refusal problem={submit.problem} />
        {!extended && state === 'waiting' && left > 0 ? (
          <p className="longer t3">
            Need longer?{' '}
            <button type="button" className="link" disabled={submit.busy} onClick={() => run(extend)}>
              Give it 5 minutes
            </button>
          </p>
        ) : null}
        <div className="row g2 acts">
          <Button
            className="grow"
            kind={broken ? 'primary' : 'plain'}
            icon={<Undo2 />}
            busy={state === 'returning'}
            disabled={state === 'keeping' || submit.busy}
            onClick={() => run(putBack)}
          >
            {putBackWords(pending)}
          </Button>
          <Button
            className="grow"
            kind={broken ? 'plain' : 'primary'}
            busy={state === 'keeping'}
            disabled={state !== 'waiting' || submit.busy}
            aria-keyshortcuts="Shift+K"
            onClick={() => run(keep)}
          >
            Keep it
            <span className="phone-hide" aria-hidden="true">
              <Kbd keys={['⇧', 'K']} />
            </span>
          </Button>
        </div>
      </section>
      <p className="sr" aria-live="assertive" role="status">
        {deadline === null || doing ? '' : spoken(left, pending)}
      </p>
    </>
  )
}
