import { clockSpan } from '../../lib/time.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import type { Attempt } from './attempt.ts'

interface Props {
  attempt: Pick<Attempt, 'busy' | 'pausedMs'>
  /** What is missing before it can be pressed; it stays focusable. */
  off?: boolean
  children: string
}

/** The one button that tries. While tries are paused it counts down. */
export function Submit({ attempt: { busy, pausedMs }, off = false, children }: Props) {
  return (
    <button
      type="submit"
      className={buttonClass({ kind: 'primary', size: 'lg', full: true })}
      aria-busy={busy || undefined}
      aria-disabled={off || pausedMs > 0 || undefined}
    >
      {busy ? <StateGlyph state="busy" tone="current" /> : null}
      {pausedMs > 0 ? `Paused for ${clockSpan(pausedMs)}` : children}
    </button>
  )
}
