import { resetFinish, resetOpen } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { useTitle } from '../../hooks/page.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { Field } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { Door, DoorHead, DoorWait } from './Door.tsx'
import { FormRefusal } from './FormRefusal.tsx'
import { Length } from './Length.tsx'
import { LinkFailed } from './LinkFailed.tsx'
import { Submit } from './Submit.tsx'
import { useLink } from './use-link.ts'
import './forms.css'

const open = (token: string) => call(resetOpen, { body: { token } })

/** Sets a new password with the link that an administrator gave. */
export function ResetPage() {
  useTitle('New password')
  const opened = useLink(open)
  const [done, setDone] = useState<string | null>(null)
  return (
    <Door>
      {opened.at === 'asking' ? <DoorWait>Reading the link…</DoorWait> : null}
      {opened.at === 'failed' ? <LinkFailed title="This link sets no password" why={opened.why} /> : null}
      {opened.at === 'open' && done === null ? (
        <NewPassword token={opened.token} username={opened.link.username} onDone={setDone} />
      ) : null}
      {done === null ? null : (
        <section className="card lgc" role="status">
          <DoorHead
            title="Your password is set"
            lead="Everything that was signed in to your account is signed out."
          />
          <a className={buttonClass({ kind: 'primary', size: 'lg', full: true })} href={paths.login()}>
            Sign in as {done}
          </a>
        </section>
      )}
    </Door>
  )
}

interface Props {
  token: string
  username: string
  onDone: (username: string) => void
}
function NewPassword({ token, username, onDone }: Props) {
  const [password, setPassword] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const { field, edited } = submit
  const finish = async () => onDone((await call(resetFinish, { body: { token, password } })).username)
  return (
    <section className="card lgc" aria-label="New password">
      <DoorHead
        title="Choose a new password"
        lead={
          <>
            for <b>{username}</b>
          </>
        }
      />
      <form
        ref={form}
        className="doorform"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit.run(finish)
        }}
      >
        <FormRefusal problem={submit.problem} shown={['password']} />
        <input
          className="sr"
          type="text"
          autoComplete="username"
          value={username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field
          label="New password"
          error={field('password')}
          hint="A few words are easier to keep than symbols."
          aside={<Length of={password.length} />}
        >
          <Password
            size="lg"
            autoFocus
            autoComplete="new-password"
            value={password}
            onChange={(event) => {
              edited('password')
              setPassword(event.target.value)
            }}
          />
        </Field>
        <Submit attempt={{ busy: submit.busy, pausedMs: 0 }}>Set password</Submit>
      </form>
    </section>
  )
}
