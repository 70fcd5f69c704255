import { invitationCreate, type Link, type Role } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { PickField } from '../../components/PickField.tsx'
import { useEverybody } from '../../components/people.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { LinkShown } from './LinkShown.tsx'
import { RoleCards } from './RoleCards.tsx'
import { settlePeople } from './settle.ts'

interface Form {
  readonly role: Role
  readonly groups: readonly string[]
  readonly email: string
  readonly note: string
}
const empty: Form = { role: 'member', groups: [], email: '', note: '' }

/** Makes a link with which one person makes an account. The link is shown once, here. */
export function InviteDrawer({ onClose }: { onClose: () => void }) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const [value, setValue] = useState(empty)
  const [link, setLink] = useState<Link | null>(null)
  const submit = useSubmit(form)
  const { sections } = useEverybody()
  const edit = (patch: Partial<Form>) => {
    for (const field of Object.keys(patch)) submit.edited(field)
    setValue((old) => ({ ...old, ...patch }))
  }
  const make = () =>
    void submit.run(async () => {
      const made = await call(invitationCreate, { body: { ...value, groups: [...value.groups] } })
      settlePeople()
      setLink(made.link)
    })
  return (
    <Drawer
      open
      dirty={JSON.stringify(value) !== JSON.stringify(empty)}
      initialFocus={first}
      onClose={onClose}
      title="Invite somebody"
      lead="They choose their own name and password. The link works once, for seven days."
      onSubmit={link === null ? make : undefined}
      footer={
        link === null ? (
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
      {link === null ? (
        <div ref={form} className="grid gap-5">
          <Refusal problem={submit.problem} shows={(path) => /^(note|email|groups)/.test(path)} />
          <Field
            label="For whom"
            error={submit.field('note')}
            hint="A word for you, so that you know the link again."
          >
            <Input
              ref={first}
              maxLength={200}
              placeholder="Anna’s laptop"
              value={value.note}
              onChange={(event) => edit({ note: event.target.value })}
            />
          </Field>
          <Field label="E-mail" error={submit.field('email')} hint="Stands in the new account. May be empty.">
            <Input
              type="email"
              inputMode="email"
              value={value.email}
              onChange={(event) => edit({ email: event.target.value })}
            />
          </Field>
          <RoleCards value={value.role} onChange={(role) => edit({ role })} />
          <PickField
            label="Groups"
            add="Add to a group"
            sections={sections.filter((section) => section.title === 'Groups')}
            picked={value.groups}
            onAdd={(id) => edit({ groups: [...value.groups, id] })}
            onRemove={(id) => edit({ groups: value.groups.filter((other) => other !== id) })}
            error={submit.field('groups')}
          />
        </div>
      ) : (
        <LinkShown
          link={link}
          label={value.note === '' ? 'The invitation' : `The invitation for ${value.note}`}
        />
      )}
    </Drawer>
  )
}
