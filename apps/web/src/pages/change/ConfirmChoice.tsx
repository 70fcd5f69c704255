import { Switch } from '../../ui/Choice.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Words } from '../../ui/Words.tsx'
import { secondsWords } from './words.ts'

const choices = [30, 60, 120, 300] as const

interface Props {
  /** Whether it can go back by itself. */
  timeable: boolean
  on: boolean
  onSwitch: (on: boolean) => void
  within: number
  onWithin: (seconds: number) => void
  /** Why the change is risky. */
  risks: readonly string[]
  /** The revision that would come back. */
  previous: number | null
  /** What must be typed first, when something goes. */
  name: string | null
  typed: string
  onTyped: (text: string) => void
}

/** The last decisions before it is applied: the timed way back, and the name of what goes. */
export function ConfirmChoice(props: Props) {
  const { timeable, on, onSwitch, within, onWithin, risks, previous, name, typed, onTyped } = props
  const before = previous === null ? 'what was before' : `r${previous}`
  const why = risks.length === 0 ? '' : `, because ${because(risks[0] ?? '')}`
  return (
    <div className="decide">
      {name === null ? null : (
        <div className="typename">
          <Field
            label={
              <span>
                Type <code>{name}</code> to delete {/^\d/.test(name) ? 'them' : 'it'}
              </span>
            }
          >
            <Input mono size="md" value={typed} onChange={(event) => onTyped(event.target.value)} />
          </Field>
        </div>
      )}
      {timeable ? (
        <div className="cc2">
          <Switch
            checked={on}
            onChange={onSwitch}
            quiet
            label="Put it back by itself unless I confirm in time"
          />
          <div className="grow">
            <span className="row wrap ask">
              <b>Put it back by itself unless I confirm within</b>
              <Segmented
                label="Time to confirm"
                value={String(within)}
                onChange={(value) => onWithin(Number(value))}
                options={choices.map((seconds) => ({ value: String(seconds), label: secondsWords(seconds) }))}
              />
            </span>
            <p className="hint">
              {on ? (
                <>
                  On
                  <Words text={why} />. If your connection drops, the edge returns to {before} without you.
                </>
              ) : (
                'Off: it stays until somebody changes it. Undo is in Changes.'
              )}
            </p>
          </div>
        </div>
      ) : null}
    </div>
  )
}

/** A sentence of the panel as the end of another one. */
const because = (risk: string): string => {
  const text = risk.replace(/\.$/, '')
  return /^[A-Z][a-z ]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text
}
