import type { PendingChange } from '@argos/contract'
import { Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { hereAt } from '../../api/clock.ts'
import { putBack } from '../../components/dock/pending.ts'
import { promiseLine, putBackWords, theOneBefore, thisOne } from '../../components/dock/words.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import type { State } from '../../ui/StateGlyph.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import './change.css'

/** The change on its way: saved, taken by the edge, and each promise tested. Closing it changes nothing; the dock goes on. */
export function Applying({ pending, onClose }: { pending: PendingChange; onClose: () => void }) {
  const at = useRef<HTMLDivElement>(null)
  const submit = useSubmit(at)
  const taken = pending.state !== 'applying'
  const lines: readonly { state: State; words: string; side: string }[] = [
    { state: 'ok', words: pending.revision === null ? 'Saved' : `Saved as r${pending.revision}`, side: '' },
    {
      state: taken ? 'ok' : 'busy',
      words: taken ? 'The edge took it' : 'The edge checks and takes it',
      side: '',
    },
    ...pending.promises.map((promise) => {
      const { state, words, detail } = promiseLine(promise)
      return { state, words, side: detail ?? '' }
    }),
  ]
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Applying ${thisOne(pending)}`}
      lead={`Each promise is tested. If one fails, ${theOneBefore(pending)} comes back.`}
      footer={
        <>
          <span className="sm t2 grow">You can close this; it goes on.</span>
          <Button
            icon={<Undo2 />}
            busy={submit.busy}
            onClick={() => void submit.run(() => putBack(pending.id))}
          >
            {putBackWords(pending)} now
          </Button>
        </>
      }
    >
      <div ref={at} className="applying">
        <Refusal problem={submit.problem} />
        <Elapsed since={hereAt(pending.at)} />
        <ol className="pg" aria-label="Progress" aria-live="polite">
          {lines.map((line) => (
            <li key={line.words} className={`is-${line.state}`}>
              <StateGlyph state={line.state} size={12} />
              <span>{line.words}</span>
              <span>{line.side}</span>
            </li>
          ))}
        </ol>
      </div>
    </Dialog>
  )
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="num t3 elapsed" aria-hidden="true">
      {(Math.max(0, now - since) / 1000).toFixed(1)} s
    </span>
  )
}
