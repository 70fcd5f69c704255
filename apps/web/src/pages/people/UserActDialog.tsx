import type { Link, User } from '@argos/contract'
import { useRef, useState } from 'react'
import { calledAs } from '../../components/people.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { actOn, type UserAct } from './act.ts'
import { LinkShown } from './LinkShown.tsx'

import { endsWords } from './words.ts'

interface Props {
  act: UserAct
  user: User
  onClose: () => void
}

const said: Record<UserAct, { title: (name: string) => string; button: string; does: string }> = {
  disable: {
    title: (name) => `Disable ${name}?`,
    button: 'Disable',
    does: 'App passwords, links and single sign-on stop as well. The account stays, and can be enabled again.',
  },
  delete: {
    title: (name) => `Delete ${name}?`,
    button: 'Delete',
    does: 'App passwords, passkeys and memberships go with the account. Nothing brings them back.',
  },
  'sign-out': {
    title: (name) => `Sign ${name} out everywhere?`,
    button: 'Sign out everywhere',
    does: 'They can sign in again at once. App passwords go on working.',
  },
  reset: {
    title: (name) => `A link to set a new password for ${name}`,
    button: 'Make the link',
    does: 'Whoever has the link sets the password, once, within an hour. Older links stop working. The second factor stays.',
  },
}

/** Says what an act does to somebody's account before it is done; deleting asks for the name. */
export function UserActDialog({ act, user, onClose }: Props) {
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const [typed, setTyped] = useState('')
  const [link, setLink] = useState<Link | null>(null)
  const words = said[act]
  const gone = act === 'delete'
  const matches = !gone || typed.trim().toLowerCase() === user.username
  const run = () =>
    void submit.run(async () => {
      const made = await actOn(act, user)
      if (made === null) onClose()
      else setLink(made)
    })
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title(calledAs(user))}
      lead={act === 'reset' ? undefined : endsWords(user)}
      locked={link !== null}
      onSubmit={link === null && matches ? run : undefined}
      footer={
        link !== null ? (
          <Button kind="primary" className="end" onClick={onClose}>
            I have the link
          </Button>
        ) : (
          <>
            <Button className="end" onClick={onClose}>
              Cancel
            </Button>
            <Button
              kind={act === 'reset' ? 'primary' : !gone ? 'danger' : matches ? 'danger-fill' : 'plain'}
              type={matches ? 'submit' : 'button'}
              busy={submit.busy}
              disabledReason={!matches && `Type ${user.username} first.`}
            >
              {words.button}
            </Button>
          </>
        )
      }
    >
      <div ref={body} className="grid gap-4">
        <Refusal problem={submit.problem} shows={() => false} />
        {link === null ? (
          <p>{words.does}</p>
        ) : (
          <LinkShown link={link} label={`Give it to ${calledAs(user)}`} />
        )}
        {gone ? (
          <Field
            label={
              <span>
                Type <code>{user.username}</code> to delete it
              </span>
            }
          >
            <Input mono value={typed} onChange={(event) => setTyped(event.target.value)} />
          </Field>
        ) : null}
      </div>
    </Dialog>
  )
}
