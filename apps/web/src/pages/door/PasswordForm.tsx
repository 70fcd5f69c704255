import { type Challenge, login, type Me } from '@argos/contract'
import { type ReactNode, useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { Field, Input } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { useAttempt } from './attempt.ts'
import { Problem } from './Problem.tsx'
import { Submit } from './Submit.tsx'
import './forms.css'

interface Props {
  /** Known already: an ended session asks for the password only. */
  username?: string
  /** What is said above the fields, such as why the last step did not work out. */
  children?: ReactNode
  onSignedIn: (me: Me) => void
  onChallenge: (challenge: Challenge, username: string) => void
}

/** Name and password. Whoever has a second factor is asked for it next. */
export function PasswordForm({ username: known, children, onSignedIn, onChallenge }: Props) {
  const [username, setUsername] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const attempt = useAttempt()
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)

  const submit = async () => {
    if (username.trim() === '') return nameField.current?.focus()
    if (password === '') return passwordField.current?.focus()
    const done = await attempt.run(async () => {
      const answer = await call(login, { body: { username, password } })
      if (answer.kind === 'signed_in') onSignedIn(answer.me)
      else onChallenge(answer.challenge, username)
    })
    if (done) return
    setPassword('')
    passwordField.current?.focus()
  }

  return (
    <form
      className="doorform"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {attempt.problem === null ? children : <Problem attempt={attempt} />}
      {known === undefined ? (
        <Field label="Name">
          <Input
            ref={nameField}
            size="lg"
            autoComplete="username webauthn"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
      ) : (
        // For password managers, which look for a name beside the password.
        <input
          className="sr"
          type="text"
          autoComplete="username"
          value={known}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
      )}
      <Field label={known === undefined ? 'Password' : `Password of ${known}`}>
        <Password
          size="lg"
          ref={passwordField}
          autoComplete="current-password"
          autoFocus={known !== undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Submit attempt={attempt}>Sign in</Submit>
    </form>
  )
}
