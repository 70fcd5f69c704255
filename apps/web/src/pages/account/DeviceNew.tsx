import { appPasswordCreate } from '@argos/contract'
import { useRef, useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { Copy } from '../../components/Copy.tsx'
import { Qr } from '../../components/Qr.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'

type Made = Output<typeof appPasswordCreate>
interface Props {
  hosts: readonly { id: string; name: string }[]
  onClose: () => void
}

const lasting = [
  { value: '', label: 'Until you remove it' },
  { value: '30', label: '30 days' },
  { value: '365', label: 'One year' },
]

/** A password for one device at one app: what it is for, then the password itself, once. */
export function DeviceNew({ hosts, onClose }: Props) {
  const [name, setName] = useState('')
  const [hostId, setHostId] = useState(hosts[0]?.id ?? '')
  const [days, setDays] = useState('')
  const [made, setMade] = useState<Made | null>(null)
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  if (made !== null) return <Shown made={made} onClose={onClose} />
  const make = async () =>
    setMade(
      await call(appPasswordCreate, {
        body: { name: name.trim(), hostId, days: days === '' ? null : Number(days) },
      }),
    )
  return (
    <Dialog
      open
      dirty={name !== ''}
      onClose={onClose}
      title="Connect a device"
      lead="It gets a password of its own, for one app."
      onSubmit={() => void submit.run(make)}
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
            disabledReason={name.trim() === '' && 'Give the device a name first.'}
          >
            Make password
          </Button>
        </>
      }
    >
      <div ref={body} className="grid gap-4">
        <Refusal problem={submit.problem} shows={(path) => ['name', 'hostId'].includes(path)} />
        <Field
          label="Device"
          hint="Such as living room TV. You find it by this name."
          error={submit.field('name')}
        >
          <Input
            size="lg"
            autoFocus
            maxLength={64}
            value={name}
            onChange={(event) => {
              submit.edited('name')
              setName(event.target.value)
            }}
          />
        </Field>
        <Field label="App" error={submit.field('hostId')}>
          <Select
            value={hostId}
            onChange={setHostId}
            options={hosts.map((host) => ({ value: host.id, label: host.name }))}
          />
        </Field>
        <Field label="Works for">
          <Select value={days} onChange={setDays} options={lasting} />
        </Field>
      </div>
    </Dialog>
  )
}

/** Shown once. The picture holds address, name and password, for apps that scan one. */
function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  const { appPassword, username, password, url } = made
  return (
    <Dialog
      open
      locked
      onClose={onClose}
      title={`Password of ${appPassword.name}`}
      lead={`For ${appPassword.host.name} alone.`}
      footer={
        <Button kind="primary" className="end" onClick={onClose}>
          It is in the device
        </Button>
      }
    >
      <div className="grid gap-4">
        <div className="scan">
          <Qr text={url} label="QR code with address, name and password" />
          <dl className="kv">
            <dt>Address</dt>
            <dd>
              <code>{appPassword.host.name}</code>
            </dd>
            <dt>Name</dt>
            <dd>
              <code className="secret">{username}</code>
            </dd>
            <dt>Password</dt>
            <dd className="grid gap-2">
              <code className="secret">{password}</code>
              <span>
                <Copy text={password} />
              </span>
            </dd>
          </dl>
        </div>
        <Note tone="warn">
          <b>It is shown now only.</b> Scan it with the device, or type it there. A lost one is removed and
          made anew.
        </Note>
      </div>
    </Dialog>
  )
}
