import { login } from '@argos/contract'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { signedInAs } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { Said } from '../../components/Said.tsx'
import { useNow } from '../../hooks/now.ts'
import { useTitle } from '../../hooks/page.ts'
import { useGo } from '../../hooks/url.ts'
import { isInside, paths } from '../../lib/paths.ts'
import { span } from '../../lib/time.ts'
import { ThemeToggle } from '../../shell/ThemeToggle.tsx'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Password } from '../../ui/Password.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Eye } from './Eye.tsx'
import './login.css'

const route = getRouteApi('/login')

export function LoginPage() {
  useTitle('Sign in')
  const { to = '' } = route.useSearch()
  const go = useGo()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [pausedUntil, setPausedUntil] = useState(0)
  const passwordField = useRef<HTMLInputElement>(null)
  const paused = useNow() < pausedUntil ? pausedUntil - Date.now() : 0

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || paused > 0) return
    setBusy(true)
    try {
      signedInAs(await call(login, { body: { username, password } }))
      go(isInside(to) ? to : paths.overview(), { replace: true })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
      setPausedUntil(error.retryAfterS === undefined ? 0 : Date.now() + error.retryAfterS * 1000)
      setPassword('')
      passwordField.current?.focus()
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="login">
      <Eye />
      <ThemeToggle className="themer" />
      <main className="signin">
        <div className="who">
          <Mark size={34} />
          <p className="t2">{location.hostname}</p>
        </div>
        <form
          className="card lgc"
          aria-labelledby="sign-in"
          noValidate
          onSubmit={(event) => void submit(event)}
        >
          <div>
            <h1 id="sign-in">Sign in</h1>
            <p className="t2">to run this edge</p>
          </div>
          {problem === null ? null : <Problem problem={problem} pausedMs={paused} />}
          <Field label="Name">
            <Input
              size="lg"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          </Field>
          <Field label="Password">
            <Password
              size="lg"
              ref={passwordField}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <Button
            kind="primary"
            size="lg"
            full
            type="submit"
            busy={busy}
            disabledReason={paused > 0 && `The pause ends in ${span(paused)}.`}
            disabled={username === '' || password === ''}
          >
            Sign in
          </Button>
        </form>
        <p className="t3 sm foot">
          Lost the password? Someone with access to the machine can help: <code>./argos help</code>
        </p>
      </main>
    </div>
  )
}

function Problem({ problem, pausedMs }: { problem: ApiError; pausedMs: number }) {
  return (
    <Note tone="bad" alert icon={<StateGlyph state="bad" />}>
      <Said message={problem.message} />
      {problem.retryAfterS === undefined
        ? null
        : pausedMs > 0
          ? ` Try again in ${span(pausedMs)}.`
          : ' Try again now.'}
      {problem.code === 'setup_required' ? (
        <>
          {' '}
          <Link className="link" to={paths.setup()}>
            Set Argos up
          </Link>
        </>
      ) : null}
    </Note>
  )
}
