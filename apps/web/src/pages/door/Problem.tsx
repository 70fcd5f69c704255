import { ApiError } from '../../api/call.ts'
import { Said } from '../../components/Said.tsx'
import { paths } from '../../lib/paths.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import type { Attempt } from './attempt.ts'

/** Why not. The countdown stands on the button: here it would be read aloud every second. */
export function Problem({ attempt: { problem, pausedMs } }: { attempt: Attempt }) {
  if (problem === null) return null
  const api = problem instanceof ApiError ? problem : null
  const over = api?.retryAfterS !== undefined && pausedMs === 0
  return (
    <Trouble>
      {over ? 'The pause is over. Try again.' : <Said message={problem.message} />}
      {api?.code === 'setup_required' ? (
        <>
          {' '}
          <a className="link" href={paths.setup()}>
            Set Argos up
          </a>
        </>
      ) : null}
    </Trouble>
  )
}

export const Trouble = ({ children }: { children: React.ReactNode }) => (
  <div className="note bad" role="alert">
    <StateGlyph state="bad" />
    <div>{children}</div>
  </div>
)
