import { groupCreate, groupUpdate, type PersonGroup } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { Link } from '../../components/Link.tsx'
import { PickField } from '../../components/PickField.tsx'
import { useEverybody } from '../../components/people.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useEdits } from '../../hooks/edits.ts'
import { useLeave } from '../../hooks/leave.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { toast } from '../../ui/Toast.tsx'
import { settlePeople } from './settle.ts'

interface Props {
  /** The group to change; null makes a new one. */
  group: PersonGroup | null
  onClose: () => void
}

/** A group and its members. What a change lets people into acts at once, so the policies that name it stand there. */
export function GroupDrawer({ group, onClose }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const { value, dirty, edit } = useEdits(
    { name: group?.name ?? '', members: group?.members.map((member) => member.userId) ?? [] },
    0,
  )
  const submit = useSubmit(form)
  const leave = useLeave(dirty && !submit.busy)
  const [closing, setClosing] = useState(false)
  const { sections } = useEverybody()
  const given = (group?.members ?? []).filter((one) => one.source === 'oidc').map((one) => one.userId)
  const close = () => (dirty ? setClosing(true) : onClose())
  const stay = () => {
    setClosing(false)
    leave.stay()
  }
  const save = async () => {
    const body = { name: value.name, members: value.members.filter((id) => !given.includes(id)) }
    const { atOnce } =
      group === null
        ? await call(groupCreate, { body })
        : await call(groupUpdate, { params: { id: group.id }, body })
    settlePeople(atOnce)
    toast(group === null ? `Added ${value.name.trim()}` : 'Saved')
    onClose()
  }
  return (
    <Drawer
      open
      dirty={dirty}
      initialFocus={first}
      onClose={close}
      title={group === null ? 'Add a group' : group.name}
      lead="Policies name groups, and apps are told them."
      onSubmit={() => void submit.run(save)}
      footer={
        closing || leave.asking ? (
          <>
            <span className="grow">
              {group === null ? 'Discard this group?' : 'Discard what you changed?'}
            </span>
            <Button onClick={stay}>Go on editing</Button>
            <Button kind="danger" onClick={leave.asking ? leave.leave : onClose}>
              Discard
            </Button>
          </>
        ) : (
          <>
            <Button className="end" onClick={close}>
              Cancel
            </Button>
            <Button
              kind="primary"
              type="submit"
              busy={submit.busy}
              disabledReason={group !== null && !dirty && 'Nothing is changed yet.'}
            >
              {group === null ? 'Add group' : 'Save'}
            </Button>
          </>
        )
      }
    >
      <div ref={form} className="grid gap-5">
        <Refusal problem={submit.problem} shows={(path) => /^(name|members)/.test(path)} />
        <Field
          label="Name"
          error={submit.field('name')}
          hint="Small letters, digits, dots and dashes: apps read it."
        >
          <Input
            ref={first}
            mono
            maxLength={64}
            placeholder="family"
            value={value.name}
            onChange={(event) => {
              submit.edited('name')
              edit({ name: event.target.value })
            }}
          />
        </Field>
        <PickField
          label="Members"
          add="Add somebody"
          sections={sections.filter((section) => section.title === 'People')}
          picked={value.members}
          nameOf={(id) => group?.members.find((one) => one.userId === id)?.username ?? 'somebody who is gone'}
          fixed={(id) => (given.includes(id) ? 'from single sign-on' : undefined)}
          onAdd={(id) => edit({ members: [...value.members, id] })}
          onRemove={(id) => edit({ members: value.members.filter((other) => other !== id) })}
          error={submit.field('members')}
        />
        {group === null || group.policies.length === 0 ? null : (
          <section className="grid gap-1" aria-label="Policies that name it">
            <h3 className="lbl">Named by</h3>
            <ul className="row wrap g3">
              {group.policies.map((policy) => (
                <li key={policy.id}>
                  <Link className="link" to={paths.policies({ open: policy.id })}>
                    {policy.name}
                  </Link>
                </li>
              ))}
            </ul>
            <p className="hint">Whoever is added gets in at once; whoever is removed is out at once.</p>
          </section>
        )}
      </div>
    </Drawer>
  )
}
