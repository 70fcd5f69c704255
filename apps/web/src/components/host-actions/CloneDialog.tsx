import { type Host, hostClone } from '@argos/contract'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { hostName } from '../../lib/host.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { DomainInput } from '../DomainInput.tsx'
import { Refusal } from '../Refusal.tsx'
import { settle, useSend } from './send.ts'

/** Copies a host under another name. The copy is paused: nothing becomes public by it. */
export function CloneDialog({
  host,
  onClose,
  onCloned,
}: {
  host: Host
  onClose: () => void
  onCloned: (id: string) => void
}) {
  const [name, setName] = useState('')
  const { busy, problem, send } = useSend(async () => {
    const { host: copy, saved } = await call(hostClone, {
      params: { id: host.id },
      body: { domains: [name.trim()] },
    })
    settle(saved, `Copied to ${hostName(copy)}, paused`)
    onCloned(copy.id)
  }, onClose)
  const wrong = problem?.field('domains.0')
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Copy ${hostName(host)}`}
      lead={`Same pool, ${host.poolName}, certificate, tags and note.`}
      dirty={name !== ''}
      onSubmit={name.trim() === '' ? () => undefined : send}
      footer={
        <>
          <span className="t3 sm grow">The copy is paused until you resume it.</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabledReason={name.trim() === '' && 'Enter a name first.'}
          >
            Copy
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Refusal problem={problem} shows={(path) => path === 'domains.0'} />
        <DomainInput
          label="Name of the copy"
          value={name}
          onChange={setName}
          error={wrong}
          placeholder={`copy-of-${hostName(host).replace('*.', '')}`}
          autoFocus
        />
      </div>
    </Dialog>
  )
}
