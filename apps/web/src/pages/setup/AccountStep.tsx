import { setupCreate } from '@argos/contract'
import { useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { signedInAs } from '../../api/query.ts'
import { Said } from '../../components/Said.tsx'
import { setupToken } from '../../lib/setup-token.ts'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'

const enough = 10

/** Makes the first administrator with the token of the console's link. */
export function AccountStep({ onDone }: { onDone: () => void }) {
  const given = setupToken()
  const [token, setToken] = useState(given ?? '')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const field = (path: string) => problem?.field(path)
  const elsewhere = problem !== null && problem.fields.length === 0

  const submit = async () => {
    setBusy(true)
    try {
      signedInAs(await call(setupCreate, { body: { token: token.trim(), username, password } }))
      onDone()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <h1>Make your account</h1>
      <p className="lead">You will run this edge. Others can join later, with less power.</p>
      {elsewhere ? (
        <Note tone="bad" alert icon={<StateGlyph state="bad" />}>
          <Said message={problem.message} />
        </Note>
      ) : null}
      <div className="card pad grid gap-4">
        {given === null || field('token') !== undefined ? (
          <Field
            label="Setup token"
            error={field('token')}
            hint="The part after #token= of the link that Argos printed when it started. The link fills this in by itself."
          >
            <Input mono size="lg" value={token} onChange={(event) => setToken(event.target.value)} />
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
            onChange={(event) => setUsername(event.target.value)}
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
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </div>
      <footer className="row">
        <Button
          kind="primary"
          size="lg"
          className="end"
          type="submit"
          busy={busy}
          disabled={username.trim() === '' || password.length < enough || token.trim() === ''}
        >
          Make account
        </Button>
      </footer>
    </form>
  )
}

function Length({ of: length }: { of: number }) {
  if (length === 0) return <span className="t3">at least {enough} characters</span>
  const done = length >= enough
  return (
    <span className={done ? 'st ok' : 'st t2'}>
      <StateGlyph state={done ? 'ok' : 'off'} />
      {done ? 'long enough' : `${length} of at least ${enough} characters`}
    </span>
  )
}
