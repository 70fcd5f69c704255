import { setupCreate } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { signedInAs } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { linkToken } from '../../lib/link-token.ts'
import { Button } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { Length } from '../door/Length.tsx'

/** Makes the first administrator with the token of the console's link. */
export function AccountStep({ onDone }: { onDone: () => void }) {
  const given = linkToken()
  const [token, setToken] = useState(given ?? '')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const { field, edited } = submit

  const make = async () => {
    const me = await call(setupCreate, { body: { token: token.trim(), username, password } })
    signedInAs(me)
    onDone()
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit.run(make)
      }}
    >
      <h1>Make your account</h1>
      <p className="lead">You will run this edge. Others can join later, with less power.</p>
      <Refusal problem={submit.problem} shows={(path) => ['token', 'username', 'password'].includes(path)} />
      <div className="card pad grid gap-4">
        {given === null || submit.problem?.field('token') !== undefined ? (
          <Field
            label="Setup token"
            error={field('token')}
            hint="The part after #token= of the link that Argos printed when it started. The link fills this in by itself."
          >
            <Input
              mono
              size="lg"
              value={token}
              onChange={(event) => {
                edited('token')
                setToken(event.target.value)
              }}
            />
          </Field>
        ) : null}
        <Field
          label="Name"
          error={field('username')}
          hint="Small letters, digits, dots and dashes. You sign in with it."
        >
          <Input
            size="lg"
            autoFocus
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
      </div>
      <footer className="row">
        <Button kind="primary" size="lg" className="end" type="submit" busy={submit.busy}>
          Make account
        </Button>
      </footer>
    </form>
  )
}
