import type { Host } from '@argos/contract'
import { LeaveDialog } from '../../components/LeaveDialog.tsx'
import { PreviewBox } from '../../components/PreviewBox.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { hostName } from '../../lib/host.ts'
import { Button } from '../../ui/Button.tsx'
import type { HostForm } from './use-host-form.ts'

interface Props {
  host: Host
  form: HostForm
  /** Fields this form shows, so that their errors stand beside them. */
  shows: (path: string) => boolean
}

/** What will change, inline, and the two ways on. Nothing is drawn while nothing is edited. */
export function HostFormFoot({ host, form, shows }: Props) {
  const { submit, preview, dirty } = form
  if (!dirty && submit.problem === null) return null
  const read = preview.preview
  const refused = read?.edge.accepted === false && 'The edge would not take it.'
  return (
    <section className="card change" aria-label="What will change">
      <header>
        <h2>What will change</h2>
        <span className="end t3 sm">Nothing has changed yet.</span>
      </header>
      <div className="body grid gap-3">
        <Refusal
          problem={submit.problem}
          shows={shows}
          actions={
            submit.problem?.code === 'stale' ? (
              <>
                <Button size="sm" onClick={form.saveOnTop}>
                  Publish mine on top
                </Button>
                <Button size="sm" onClick={form.reset}>
                  Take theirs
                </Button>
              </>
            ) : undefined
          }
        />
        <PreviewBox state={preview} title={hostName(host)} />
        <div className="row">
          <Button className="end" onClick={form.reset}>
            Discard
          </Button>
          {read?.blocked ? null : (
            <Button
              kind="primary"
              type="submit"
              busy={submit.busy}
              disabledReason={refused}
              aria-keyshortcuts="Control+Enter"
            >
              {read?.risk === 'risky' ? 'Review change' : 'Publish'}
            </Button>
          )}
        </div>
      </div>
      <LeaveDialog dirty={dirty && !submit.busy} />
    </section>
  )
}
