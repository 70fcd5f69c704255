import { type Host, hostDelete, hostList } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import { hostName, otherNames, shortName } from '../../lib/host.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { announceSaved } from '../saved.ts'
import { useSend } from './send.ts'

/** Names what goes and who feels it; the button stays quiet until the short name is typed. */
export function DeleteDialog({
  host,
  onClose,
  onDeleted,
}: {
  host: Host
  onClose: () => void
  onDeleted: () => void
}) {
  const name = hostName(host)
  const short = shortName(name)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const matching = typed.trim().toLowerCase() === short
  const { busy, problem, send } = useSend(async () => {
    const { saved } = await call(hostDelete, { params: { id: host.id } })
    // Only the list: the page of what is gone must not ask for it again.
    void announceSaved(saved, `Deleted ${name}`)
    void refresh(hostList)
  }, onDeleted)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${name}?`}
      initialFocus={field}
      dirty={typed !== ''}
      onSubmit={matching ? send : () => undefined}
      footer={
        <>
          <span className="t3 sm grow">This cannot be undone.</span>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            kind={matching ? 'danger-fill' : 'plain'}
            type="submit"
            busy={busy}
            disabledReason={!matching && `Type ${short} first.`}
          >
            Delete
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {problem ? (
          <Note tone="bad" alert>
            <b>Nothing was deleted.</b> {problem.message}
          </Note>
        ) : null}
        <p>
          Visitors of {[name, otherNames(host)].filter(Boolean).join(' ')} get a 404, and open connections are
          ended. Its names, tags and note go; the pool {host.poolName} goes too, unless another host uses it.
        </p>
        <Field
          label={
            <span>
              Type <code>{short}</code> to delete it
            </span>
          }
        >
          <Input ref={field} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  )
}
