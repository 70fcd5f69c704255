import { type Host, hostBulk } from '@argos/contract'
import { call } from '../../api/call.ts'
import { hostName } from '../../lib/host.ts'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { HostNames } from './HostNames.tsx'
import { settle, useSend } from './send.ts'

interface Props {
  hosts: readonly Host[]
  /** What is asked for: paused hosts answer 404. */
  enabled: boolean
  onClose: () => void
}

const ids = (hosts: readonly Host[]) => hosts.map((h) => h.id)

async function toggle(hosts: readonly Host[], enabled: boolean, undoable = true): Promise<void> {
  const kind = enabled ? 'enable' : 'disable'
  const { saved } = await call(hostBulk, { body: { ids: ids(hosts), action: { kind } } })
  const what = hosts.length === 1 ? hostName(hosts[0] ?? { domains: [] }) : things(hosts.length, 'host')
  // A host that becomes reachable again deserves its own preview, so only resuming is undone with one press.
  const undo =
    undoable && enabled ? { label: 'Undo', run: () => void toggle(hosts, false, false) } : undefined
  settle(saved, `${enabled ? 'Resumed' : 'Paused'} ${what}`, undo)
}

/** Pauses or resumes hosts, one preview for all. */
export function ToggleDialog({ hosts, enabled, onClose }: Props) {
  const changing = hosts.filter((h) => h.enabled !== enabled)
  const already = hosts.length - changing.length
  const verb = enabled ? 'Resume' : 'Pause'
  const what =
    changing.length === 1 ? hostName(changing[0] ?? { domains: [] }) : things(changing.length, 'host')
  const { busy, problem, send } = useSend(() => toggle(changing, enabled), onClose)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verb} ${what}?`}
      lead="Nothing has changed yet."
      onSubmit={changing.length === 0 ? undefined : send}
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabledReason={
              changing.length === 0 && `All of them ${enabled ? 'are on' : 'are paused'} already.`
            }
          >
            {verb} {changing.length > 1 ? things(changing.length, 'host') : 'it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {problem ? (
          <Note tone="bad" alert>
            <b>Nothing changed.</b> {problem.message}
          </Note>
        ) : null}
        <p>
          {enabled
            ? 'It answers again as soon as the edge has it, with the settings it had. Anyone who can reach this machine gets in.'
            : 'Visitors get a 404 until you resume it, and open connections are ended. The settings stay.'}
        </p>
        <HostNames hosts={changing} />
        {already === 0 ? null : (
          <p className="t3 sm">
            {things(already, 'host')} {already === 1 ? 'is' : 'are'} {enabled ? 'on' : 'paused'} already and
            left alone.
          </p>
        )}
      </div>
    </Dialog>
  )
}
