import { guestLinkCreate, guestLinkList, type Host } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import { Copy } from '../../components/Copy.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { refusedHere, useSubmit } from '../../hooks/submit.ts'
import { hostName } from '../../lib/host.ts'
import { moment } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Field, Input, Textarea } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Lasting, lasting, typedPaths } from './guest.ts'

interface Form {
  readonly name: string
  readonly hours: Lasting
  readonly most: string
  readonly paths: string
}
const empty: Form = { name: '', hours: '24', most: '', paths: '' }
/** Names in the body of what is called otherwise in the form. */
const sent: Readonly<Record<string, string>> = { most: 'mostUses' }

/** Makes a link for guests. It is shown once, here. */
export function GuestLinkDrawer({ host, onClose }: { host: Host; onClose: () => void }) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const [value, setValue] = useState(empty)
  const [made, setMade] = useState<{ url: string; expiresAt: number } | null>(null)
  const submit = useSubmit(form)
  const edit = (patch: Partial<Form>) => {
    for (const field of Object.keys(patch)) submit.edited(sent[field] ?? field)
    setValue((old) => ({ ...old, ...patch }))
  }
  const make = () =>
    void submit.run(async () => {
      const most = value.most.trim()
      if (most !== '' && !/^[1-9]\d{0,4}$/.test(most))
        throw refusedHere([{ path: 'mostUses', message: 'A whole number, or empty for any.' }])
      const body = {
        name: value.name,
        paths: typedPaths(value.paths),
        hours: Number(value.hours),
        mostUses: most === '' ? null : Number(most),
      }
      const { url, guestLink } = await call(guestLinkCreate, { params: { id: host.id }, body })
      void refresh(guestLinkList)
      setMade({ url, expiresAt: guestLink.expiresAt })
    })
  const pathsWrong = submit.problem?.fields.find(({ path }) => path.startsWith('paths'))?.path
  return (
    <Drawer
      open
      dirty={made === null && JSON.stringify(value) !== JSON.stringify(empty)}
      initialFocus={first}
      onClose={onClose}
      title={`A guest link for ${hostName(host)}`}
      lead="Whoever has it gets in without an account, until it ends or you take it back."
      onSubmit={made === null ? make : undefined}
      footer={
        made === null ? (
          <>
            <Button className="end" onClick={onClose}>
              Cancel
            </Button>
            <Button kind="primary" type="submit" busy={submit.busy}>
              Make the link
            </Button>
          </>
        ) : (
          <Button kind="primary" className="end" onClick={onClose}>
            I have the link
          </Button>
        )
      }
    >
      {made === null ? (
        <div ref={form} className="grid gap-5">
          <Refusal problem={submit.problem} shows={(path) => /^(name|paths|hours|mostUses)/.test(path)} />
          <Field label="For whom" error={submit.field('name')} hint="So that you know the link again.">
            <Input
              ref={first}
              maxLength={64}
              placeholder="Wedding guests"
              value={value.name}
              onChange={(event) => edit({ name: event.target.value })}
            />
          </Field>
          <Field label="For how long" error={submit.field('hours')}>
            <Select value={value.hours} onChange={(hours) => edit({ hours })} options={lasting} />
          </Field>
          <Field
            label="How many browsers may open it"
            error={submit.field('mostUses')}
            hint="Empty: any number, until it ends."
          >
            <Input
              inputMode="numeric"
              value={value.most}
              onChange={(event) => edit({ most: event.target.value })}
            />
          </Field>
          <Field
            label="Where it is good for"
            error={pathsWrong === undefined ? undefined : submit.field(pathsWrong)}
            hint="Paths with all below them, one a line. Empty: the whole host."
          >
            <Textarea
              mono
              rows={3}
              placeholder="/share/"
              value={value.paths}
              onChange={(event) => {
                if (pathsWrong !== undefined) submit.edited(pathsWrong)
                edit({ paths: event.target.value })
              }}
            />
          </Field>
        </div>
      ) : (
        <Field label="The link" hint={`Works until ${moment(made.expiresAt)}. It is shown only now.`}>
          <Input
            mono
            readOnly
            value={made.url}
            onFocus={(event) => event.currentTarget.select()}
            after={<Copy text={made.url} label="Copy the link" />}
          />
        </Field>
      )}
    </Drawer>
  )
}
