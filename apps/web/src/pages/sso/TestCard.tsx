import type { OidcCheck, Output, oidcTest } from '@argos/contract'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { type State, StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'

export type Tested = Output<typeof oidcTest>

const states: Record<OidcCheck['outcome'], State> = {
  good: 'ok',
  warning: 'warn',
  bad: 'bad',
  skipped: 'off',
}
const called: Record<OidcCheck['outcome'], string> = {
  good: 'well',
  warning: 'mind this',
  bad: 'to be fixed',
  skipped: 'not asked',
}

interface Props {
  tested: Tested | null
  /** What is typed differs from what was tested. */
  old: boolean
  busy: boolean
  problem: string | null
  onTest: () => void
}

/** Asks the provider with what is typed, saved or not, and says what is to be fixed and where. */
export const TestCard = ({ tested, old, busy, problem, onTest }: Props) => (
  <Card
    title="Test"
    id="test"
    aside={
      <Button size="sm" busy={busy} onClick={onTest}>
        {tested === null ? 'Test' : 'Test again'}
      </Button>
    }
  >
    <div className="grid gap-3" aria-live="polite">
      {problem === null ? null : (
        <Note tone="bad" alert>
          <b>This could not be tested.</b> {problem}
        </Note>
      )}
      {tested === null ? (
        <p className="t2">Asks the provider with what stands here. Nothing is saved, and nobody signs in.</p>
      ) : (
        <>
          <p className={old ? 't3' : ''}>
            <b>
              {tested.ok ? 'People can sign in with these settings.' : 'People cannot sign in like this yet.'}
            </b>
            {old ? ' It was tested before the last edit.' : null}
          </p>
          <ul className={`checks ${old ? 'stale' : ''}`}>
            {tested.checks.map((check) => (
              <li key={check.id}>
                <StateGlyph state={states[check.outcome]} label={called[check.outcome]} />
                <span>
                  <Words text={check.words} />
                  {check.remedy === null ? null : (
                    <span className="t2 block">
                      <Words text={check.remedy} />
                    </span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  </Card>
)
