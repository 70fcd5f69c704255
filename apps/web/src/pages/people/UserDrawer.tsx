import { type User, userRole, userUpdate } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { PickField } from '../../components/PickField.tsx'
import { calledAs, useEverybody } from '../../components/people.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { Ago } from '../../components/Time.tsx'
import { useEdits } from '../../hooks/edits.ts'
import { useLeave } from '../../hooks/leave.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { moment } from '../../lib/time.ts'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { UserAct } from './act.ts'
import { RoleCards } from './RoleCards.tsx'
import { settlePeople } from './settle.ts'
import { factorLight, waysWords } from './words.ts'

interface Props {
  user: User
  /** Whether it is whoever reads this. */
  me: boolean
  onClose: () => void
  onAct: (act: UserAct) => void
  onEnable: () => void
}

const formOf = ({ username, displayName, email, role, groups }: User) => ({
  username,
  displayName,
  email,
  role,
  groups: groups.map((group) => group.id),
})

/** One account: what it is called, what it may, and what can be done with it. */
export function UserDrawer({ user, me, onClose, onAct, onEnable }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const { value, dirty, edit } = useEdits(formOf(user), 0)
  const submit = useSubmit(form)
  const leave = useLeave(dirty && !submit.busy)
  const [closing, setClosing] = useState(false)
  const { sections } = useEverybody()
  const given = user.groups.filter((group) => group.source === 'oidc').map((group) => group.id)
  const close = () => (dirty ? setClosing(true) : onClose())
  const stay = () => {
    setClosing(false)
    leave.stay()
  }
  const save = async () => {
    const params = { id: user.id }
    const { role, groups, ...names } = value
    const manual = groups.filter((id) => !given.includes(id))
    const done = [await call(userUpdate, { params, body: { ...names, groups: manual } })]
    if (role !== user.role) done.push(await call(userRole, { params, body: { role } }))
    settlePeople(done.every(({ atOnce }) => atOnce))
    toast('Saved')
    onClose()
  }
  const text = (field: 'username' | 'displayName' | 'email') => ({
    value: value[field],
    onChange: (event: { target: { value: string } }) => {
      submit.edited(field)
      edit({ [field]: event.target.value })
    },
  })
  return (
    <Drawer
      open
      dirty={dirty}
      initialFocus={first}
      onClose={close}
      title={calledAs(user)}
      lead={user.disabled ? 'Disabled: nobody gets in with this account.' : undefined}
      onSubmit={() => void submit.run(save)}
      footer={
        closing || leave.asking ? (
          <>
            <span className="grow">Discard what you changed?</span>
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
              disabledReason={!dirty && 'Nothing is changed yet.'}
            >
              Save
            </Button>
          </>
        )
      }
    >
      <div ref={form} className="grid gap-5">
        <Refusal
          problem={submit.problem}
          shows={(path) => /^(username|displayName|email|groups)/.test(path)}
        />
        <Field label="Name" error={submit.field('displayName')} hint="What others and the apps call them.">
          <Input ref={first} placeholder={user.username} {...text('displayName')} />
        </Field>
        <Field label="Sign-in name" error={submit.field('username')} hint="Apps know people by it.">
          <Input mono {...text('username')} />
        </Field>
        <Field label="E-mail" error={submit.field('email')} hint="Given to the apps. May be empty.">
          <Input type="email" inputMode="email" {...text('email')} />
        </Field>
        <RoleCards value={value.role} onChange={(role) => edit({ role })} />
        {value.role === user.role ? null : (
          <Note tone={value.role === 'admin' ? 'warn' : 'plain'}>
            <b>
              {value.role === 'admin' ? 'They can then do everything that you can.' : 'They lose this panel.'}
            </b>{' '}
            Their open sessions end when it is saved.
          </Note>
        )}
        <PickField
          label="Groups"
          add="Add to a group"
          sections={sections.filter((section) => section.title === 'Groups')}
          picked={value.groups}
          nameOf={(id) => user.groups.find((group) => group.id === id)?.name ?? 'a group that is gone'}
          fixed={(id) => (given.includes(id) ? 'from single sign-on' : undefined)}
          onAdd={(id) => edit({ groups: [...value.groups, id] })}
          onRemove={(id) => edit({ groups: value.groups.filter((other) => other !== id) })}
          error={submit.field('groups')}
        />
        <Facts user={user} />
        <section className="grid gap-2" aria-label="Account">
          <h3 className="lbl">Account</h3>
          <div className="row wrap g2">
            <Button size="sm" disabledReason={unsaved(dirty)} onClick={() => onAct('reset')}>
              Link to set a new password…
            </Button>
            <Button size="sm" disabledReason={unsaved(dirty)} onClick={() => onAct('sign-out')}>
              Sign out everywhere…
            </Button>
            {user.disabled ? (
              <Button size="sm" disabledReason={unsaved(dirty)} onClick={onEnable}>
                Enable
              </Button>
            ) : (
              <Button
                size="sm"
                kind="danger"
                disabledReason={me ? 'This is you.' : unsaved(dirty)}
                onClick={() => onAct('disable')}
              >
                Disable…
              </Button>
            )}
            <Button
              size="sm"
              kind="danger"
              disabledReason={me ? 'This is you.' : unsaved(dirty)}
              onClick={() => onAct('delete')}
            >
              Delete…
            </Button>
          </div>
        </section>
      </div>
    </Drawer>
  )
}

const unsaved = (dirty: boolean) => dirty && 'Save or discard what you changed first.'

function Facts({ user }: { user: User }) {
  const factor = factorLight(user)
  return (
    <dl className="kv">
      <dt>Signs in with</dt>
      <dd>{waysWords(user)}</dd>
      <dt>Second factor</dt>
      <dd className={factor.state === 'warn' ? 'warn' : ''}>
        <Status state={factor.state}>{factor.words}</Status>
      </dd>
      <dt>Sessions</dt>
      <dd>{user.sessions === 0 ? 'none open' : things(user.sessions, 'session')}</dd>
      <dt>Last seen</dt>
      <dd>{user.lastSeenAt === null ? 'never' : <Ago at={user.lastSeenAt} />}</dd>
      <dt>Since</dt>
      <dd>{moment(user.createdAt)}</dd>
    </dl>
  )
}
