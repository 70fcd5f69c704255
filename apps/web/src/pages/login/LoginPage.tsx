import { login } from '@argos/contract'
import { Sun } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { Said } from '../../components/Said.tsx'
import { useCountdown } from '../../hooks/countdown.ts'
import { useTitle } from '../../hooks/page.ts'
import { isInside, paths } from '../../lib/paths.ts'
import { setPreference, shownTheme } from '../../lib/preferences.ts'
import { clockSpan } from '../../lib/time.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { Field, Input } from '../../ui/Field.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Password } from '../../ui/Password.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Eye } from './Eye.tsx'
import './login.css'

/** Where to go after signing in: only a place of this UI. */
const destination = (): string => {
  const to = new URLSearchParams(location.search).get('to') ?? ''
  return isInside(to) ? to : paths.overview()
}

/** Stands alone, without router and query client: someone signs in once, and it must come fast over a slow line. */
export function LoginPage() {
  useTitle('Sign in')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [pausedUntil, setPausedUntil] = useState(0)
  const nameField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const paused = useCountdown(pausedUntil)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || paused > 0) return
    if (username.trim() === '') return nameField.current?.focus()
    if (password === '') return passwordField.current?.focus()
    setBusy(true)
    try {
      await call(login, { body: { username, password } })
      // A full load: nothing of whoever was here before stays in memory.
      location.assign(destination())
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setBusy(false)
      setProblem(error)
      setPausedUntil(error.retryAfterS === undefined ? 0 : Date.now() + error.retryAfterS * 1000)
      setPassword('')
      passwordField.current?.focus()
    }
  }

  return (
    <div className="login">
      <Eye />
      <button
        type="button"
        className={`${buttonClass({ kind: 'ghost', size: 'sm' })} icon themer`}
        aria-label="Switch between dark and light"
        onClick={() => setPreference('theme', shownTheme() === 'dark' ? 'light' : 'dark')}
      >
        <Sun />
      </button>
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
              ref={nameField}
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
          <button
            type="submit"
            className={buttonClass({ kind: 'primary', size: 'lg', full: true })}
            aria-busy={busy || undefined}
            aria-disabled={paused > 0 || undefined}
          >
            {busy ? <StateGlyph state="busy" tone="current" /> : null}
            {paused > 0 ? `Paused for ${clockSpan(paused)}` : 'Sign in'}
          </button>
        </form>
        <p className="t3 sm foot">
          Lost the password? Someone with access to the machine can help: <code>./argos help</code>
        </p>
      </main>
    </div>
  )
}

/** Why not. The countdown stands on the button: here it would be read aloud every second. */
function Problem({ problem, pausedMs }: { problem: ApiError; pausedMs: number }) {
  const over = problem.retryAfterS !== undefined && pausedMs === 0
  return (
    <div className="note bad" role="alert">
      <StateGlyph state="bad" />
      <div>
        {over ? 'The pause is over. Try again.' : <Said message={problem.message} />}
        {problem.code === 'setup_required' ? (
          <>
            {' '}
            <a className="link" href={paths.setup()}>
              Set Argos up
            </a>
          </>
        ) : null}
      </div>
    </div>
  )
}
