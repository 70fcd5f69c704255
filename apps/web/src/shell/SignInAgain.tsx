import { login } from '@argos/contract'
import { useState } from 'react'
import { ApiError, call } from '../api/call.ts'
import { signedInAs } from '../api/query.ts'
import { WaitsMeanwhile } from '../components/dock/WaitsMeanwhile.tsx'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Note } from '../ui/Feedback.tsx'
import { Field } from '../ui/Field.tsx'
import { Password } from '../ui/Password.tsx'

/** Asks for the password again over the page, which stays mounted with everything typed into it. */
export function SignInAgain({ username }: { username: string }) {
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async () => {
    setBusy(true)
    try {
      const answer = await call(login, { body: { username, password } })
      // The sign-in page knows how to ask for a second factor.
      if (answer.kind === 'challenge') location.assign(paths.login(location.pathname + location.search))
      else signedInAs(answer.me)
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'Signing in failed.')
      setPassword('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      locked
      onClose={() => undefined}
      title="Sign in to go on"
      lead="Your session ended. Your edits are kept."
      onSubmit={() => void submit()}
      footer={
        <>
          <Button kind="ghost" onClick={() => location.assign(paths.login())}>
            Leave this page
          </Button>
          <Button kind="primary" type="submit" busy={busy} className="end" disabled={password === ''}>
            Sign in
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <WaitsMeanwhile />
        {problem === null ? null : (
          <Note tone="bad" alert>
            {problem}
          </Note>
        )}
        <input
          className="sr"
          type="text"
          autoComplete="username"
          value={username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field label={`Password of ${username}`}>
          <Password
            autoFocus
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </div>
    </Dialog>
  )
}
