import { RecoverySheet } from '../../components/RecoverySheet.tsx'
import { Things } from '../../lib/words.ts'
import { useSystem } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { checksOf } from './checks.ts'

/** What Argos found here, and the one thing to carry away: the recovery sheet. */
export function MachineStep({ onNext }: { onNext: () => void }) {
  const system = useSystem()
  const checks = system.data ? checksOf(system.data) : []
  const open = checks.filter((check) => check.state !== 'ok').length
  return (
    <section>
      <h1>This is what Argos found here</h1>
      <p className="lead">
        {system.data === undefined
          ? 'Looking.'
          : open === 0
            ? `${Things(checks.length, 'check')}, all well.`
            : `${checks.length - open} of ${checks.length} checks are well. ${Things(open, 'thing')} ${open === 1 ? 'is' : 'are'} worth a look; you can also go on and do it later.`}
      </p>
      {system.isError && !system.data ? (
        <ErrorState title="The panel could not look" error={system.error} onRetry={system.refetch} />
      ) : (
        <div className="card">
          {system.data ? (
            <ul className="chk">
              {checks.map((check) => (
                <li key={check.id} className={check.state}>
                  <StateGlyph state={check.state} label="" />
                  <div className="grow">
                    <b>{check.title}</b>
                    <p className="t2">{check.detail}</p>
                  </div>
                </li>
              ))}
            </ul>
          ) : (
            <div className="px-4">
              <Skeleton rows={3} />
            </div>
          )}
        </div>
      )}
      <Card title="Recovery sheet">
        <RecoverySheet />
      </Card>
      <footer className="row">
        <span className="end t3 sm">What is left open goes on your attention list.</span>
        <Button kind="primary" size="lg" onClick={onNext}>
          Continue
        </Button>
      </footer>
    </section>
  )
}
