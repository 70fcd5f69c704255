import { StateGlyph } from '../../ui/StateGlyph.tsx'

const enough = 10

/** Whether a new password is long enough yet, beside its label. */
export function Length({ of: length }: { of: number }) {
  if (length === 0) return <span className="t3">at least {enough} characters</span>
  const done = length >= enough
  return (
    <span className={done ? 'st ok' : 'st t2'}>
      <StateGlyph state={done ? 'ok' : 'off'} />
      {done ? 'long enough' : `${length} of at least ${enough} characters`}
    </span>
  )
}
