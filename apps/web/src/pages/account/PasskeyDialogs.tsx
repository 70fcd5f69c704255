import { type Passkey, passkeyAdd, passkeyBegin, passkeyRename } from '@argos/contract'
import { type ReactNode, useRef, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { deviceOf } from '../../lib/device.ts'
import { makePasskey, PasskeyError } from '../../lib/webauthn.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { toast } from '../../ui/Toast.tsx'
import { soon } from './words.ts'

interface NewProps {
  onClose: () => void
  /** With recovery codes when the account has none yet. */
  onDone: (codes: readonly string[] | null) => void
}

/** Names a passkey, then has the browser make it. */
export const PasskeyNew = ({ onClose, onDone }: NewProps) => (
  <NameDialog
    title="Add a passkey"
    lead="Your browser asks for your finger, face, PIN or security key."
    hint="So that you know it in the list."
    first={deviceOf(navigator.userAgent).name}
    action="Make passkey"
    onClose={onClose}
    send={async (name) => {
      const { passkey } = await call(passkeyBegin)
      const attestation = await makePasskey(passkey).catch(asRefusal)
      const { recoveryCodes, atOnce } = await call(passkeyAdd, { body: { name, attestation } })
      toast(`${name} is added.${soon(atOnce)}`)
      onDone(recoveryCodes)
    }}
  />
)

/** What the browser says, where the panel's refusals stand. */
function asRefusal(error: unknown): never {
  if (!(error instanceof PasskeyError)) throw error
  throw new ApiError(0, { code: 'invalid', message: error.message, requestId: '' })
}

interface RenameProps {
  passkey: Passkey
  onClose: () => void
  onDone: () => void
}
export const PasskeyRename = ({ passkey, onClose, onDone }: RenameProps) => (
  <NameDialog
    title={`Rename ${passkey.name}`}
    first={passkey.name}
    action="Rename"
    onClose={onClose}
    send={async (name) => {
      await call(passkeyRename, { params: { id: passkey.id }, body: { name } })
      onDone()
    }}
  />
)

interface Props {
  title: string
  lead?: ReactNode
  hint?: string
  first: string
  action: string
  onClose: () => void
  send: (name: string) => Promise<void>
}
function NameDialog({ title, lead, hint, first, action, onClose, send }: Props) {
  const [name, setName] = useState(first)
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  return (
    <Dialog
      open
      dirty={name !== first}
      onClose={onClose}
      title={title}
      lead={lead}
      onSubmit={() => void submit.run(() => send(name.trim()))}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            className="end"
            busy={submit.busy}
            disabledReason={name.trim() === '' && 'Give it a name first.'}
          >
            {action}
          </Button>
        </>
      }
    >
      <div ref={body} className="grid gap-4">
        <Refusal problem={submit.problem} shows={(path) => path === 'name'} />
        <Field label="Name" hint={hint} error={submit.field('name')}>
          <Input
            size="lg"
            autoFocus
            maxLength={60}
            value={name}
            onChange={(event) => {
              submit.edited('name')
              setName(event.target.value)
            }}
          />
        </Field>
      </div>
    </Dialog>
  )
}
