import { type ReactNode, useRef, useState } from 'react'
import { Field } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { useAttempt } from './attempt.ts'
import { Problem } from './Problem.tsx'
import { Submit } from './Submit.tsx'
import './forms.css'

interface Props {
  username: string
  send: (password: string) => Promise<void>
  others: ReactNode
}

/** The password of whoever is signed in, once more. */
export function OwnPasswordForm({ username, send, others }: Props) {
  const [password, setPassword] = useState('')
  const attempt = useAttempt()
  const field = useRef<HTMLInputElement>(null)
  const submit = async () => {
    if (password === '') return field.current?.focus()
    if (await attempt.run(() => send(password))) return
    setPassword('')
    field.current?.focus()
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
      <Problem attempt={attempt} />
      <Field label={`Password of ${username}`}>
        <Password
          ref={field}
          size="lg"
          autoFocus
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Submit attempt={attempt}>Continue</Submit>
      {others === null ? null : <div className="alt">{others}</div>}
    </form>
  )
}
