import { useNow } from '../hooks/now.ts'
import { ago, moment } from '../lib/time.ts'

/** "3 min ago", the full moment on hover. `at` in ms. */
export function Ago({ at }: { at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {ago(at, now)}
    </time>
  )
}
