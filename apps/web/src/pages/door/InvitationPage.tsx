import { invitationAccept, invitationOpen } from '@argos/contract'
import { useRef, useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { useTitle } from '../../hooks/page.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { paths } from '../../lib/paths.ts'
import { Field, Input } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { Door, DoorHead, DoorWait } from './Door.tsx'
import { FormRefusal } from './FormRefusal.tsx'
import { Length } from './Length.tsx'
import { LinkFailed } from './LinkFailed.tsx'
import { Submit } from './Submit.tsx'
import { useLink } from './use-link.ts'
import './forms.css'

const open = (token: string) => call(invitationOpen, { body: { token } })

/** Makes an account with the link that an administrator gave. */
export function InvitationPage() {
  useTitle('Invitation')
  const opened = useLink(open)
  return (
    <Door>
      {opened.at === 'asking' ? <DoorWait>Reading the invitation…</DoorWait> : null}
      {opened.at === 'failed' ? <LinkFailed title="This invitation opens nothing" why={opened.why} /> : null}
      {opened.at === 'open' ? <Accept token={opened.token} invitation={opened.link} /> : null}
    </Door>
  )
}

interface Props {
  token: string
  invitation: Output<typeof invitationOpen>
}
const day = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })
const shown = ['displayName', 'username', 'password']

function Accept({ token, invitation }: Props) {
  const [displayName, setDisplayName] = useState('')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const { field, edited } = submit
  const accept = async () => {
    await call(invitationAccept, { body: { token, username, password, displayName } })
    location.replace(paths.overview())
  }
  return (
    <section className="card lgc" aria-label="Invitation">
      <DoorHead
        title="You are invited"
        lead={
          <>
            by <b>{invitation.createdBy}</b>
            {invitation.role === 'admin' ? ', to run this edge' : ', to the apps of this home'}. Good until{' '}
            {day(invitation.expiresAt)}.
          </>
        }
      />
      <form
        ref={form}
        className="doorform"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit.run(accept)
        }}
      >
        <FormRefusal problem={submit.problem} shown={shown} />
        <Field label="Your name" error={field('displayName')} hint="As apps and people call you.">
          <Input
            size="lg"
            autoFocus
            autoComplete="name"
            value={displayName}
            onChange={(event) => {
              edited('displayName')
              setDisplayName(event.target.value)
            }}
          />
        </Field>
        <Field
          label="Name to sign in with"
          error={field('username')}
          hint="Small letters, digits, dots and dashes."
        >
          <Input
            size="lg"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            onChange={(event) => {
              edited('username')
              setUsername(event.target.value)
            }}
          />
        </Field>
        <Field
          label="Password"
          error={field('password')}
          hint="A few words are easier to keep than symbols."
          aside={<Length of={password.length} />}
        >
          <Password
            size="lg"
            autoComplete="new-password"
            value={password}
            onChange={(event) => {
              edited('password')
              setPassword(event.target.value)
            }}
          />
        </Field>
        <Submit attempt={{ busy: submit.busy, pausedMs: 0 }}>Make account</Submit>
      </form>
    </section>
  )
}
