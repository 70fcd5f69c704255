import { clockSpan } from '../../lib/time.ts'
import { leftWords } from './words.ts'

const radius = 25
const around = 2 * Math.PI * radius

/** The seconds that are left, in a ring that empties; turning while something is done. */
export function Timer({ part, left, busy }: { part: number; left: number; busy: boolean }) {
  const circle = { cx: 32, cy: 32, r: radius, fill: 'none', strokeWidth: 5 } as const
  const text = left >= 100_000 ? clockSpan(left) : String(Math.ceil(left / 1000))
  return (
    <svg
      className={busy ? 'timer busy' : 'timer'}
      width="64"
      height="64"
      viewBox="0 0 64 64"
      role="img"
      aria-label={busy ? 'Working' : `${leftWords(left)} left`}
    >
      <circle {...circle} stroke="var(--line)" />
      <circle
        {...circle}
        className="arc"
        stroke="var(--accent)"
        strokeLinecap="round"
        strokeDasharray={`${(busy ? 0.25 : part) * around} ${around}`}
        transform="rotate(-90 32 32)"
      />
      {busy ? null : (
        <text x="32" y="38" textAnchor="middle" className={text.length > 2 ? 'long' : undefined}>
          {text}
        </text>
      )}
    </svg>
  )
}
