import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

export interface StepperProps {
  steps: readonly {
    id: string
    title: string
    /** One line shown once the step is done. */
    summary?: ReactNode
    body: ReactNode
  }[]
  current: string
  /** Called with the id of a done step whose Edit was pressed. */
  onEdit: (id: string) => void
}

/** Steps of one form. Done steps fold to one line; the last is always what will change. */
export function Stepper({ steps, current, onEdit }: StepperProps) {
  const at = steps.findIndex((step) => step.id === current)
  return (
    <ol className="steps">
      {steps.map((step, i) => {
        const phase = i < at ? 'done' : i === at ? 'now' : 'soon'
        return (
          <li key={step.id} className={phase} aria-current={phase === 'now' ? 'step' : undefined}>
            <span className="k" aria-hidden="true">
              {phase === 'done' ? <Check /> : i + 1}
            </span>
            <div className="what">
              <div className="head">
                <h3>{step.title}</h3>
                {phase === 'done' ? <span className="t2 cut">{step.summary}</span> : null}
                {phase === 'done' ? (
                  <span className="end">
                    <Button
                      kind="ghost"
                      size="xs"
                      aria-label={`Edit ${step.title}`}
                      onClick={() => onEdit(step.id)}
                    >
                      Edit
                    </Button>
                  </span>
                ) : null}
              </div>
              {phase === 'now' ? <div className="stepbody">{step.body}</div> : null}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
