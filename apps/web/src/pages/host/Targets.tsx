import type { Host } from '@argos/contract'
import { since } from '../../lib/time.ts'
import { Status } from '../../ui/StateGlyph.tsx'

type Target = Host['state']['targets'][number]
const words = {
  up: ['ok', 'answers'],
  down: ['bad', 'does not answer'],
  unknown: ['unknown', 'not checked'],
} as const

/** Each target with what its last check found. */
export const Targets = ({ targets }: { targets: readonly Target[] }) => (
  <ul className="ups">
    {targets.map((target) => {
      const [state, says] = target.enabled
        ? words[target.health?.state ?? 'unknown']
        : (['off', 'off'] as const)
      const { since: from, error } = target.health ?? { since: null, error: null }
      return (
        <li key={target.dial}>
          <code className="cut">{target.dial}</code>
          <span
            className={`end sm ${state === 'bad' ? 'bad' : 't2'}`}
            title={from === null ? undefined : since(from)}
          >
            <Status state={state}>{says}</Status>
          </span>
          {state === 'bad' && error ? <span className="why t2 sm">{error}</span> : null}
        </li>
      )
    })}
  </ul>
)
