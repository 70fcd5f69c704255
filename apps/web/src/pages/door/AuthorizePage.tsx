import { type Authorization, authorize, meView, type OidcReturn } from '@argos/contract'
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { sessionIs } from '../../api/session.ts'
import { useTitle } from '../../hooks/page.ts'
import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { Door, DoorHead, DoorWait } from './Door.tsx'
import { SignIn } from './SignIn.tsx'

const AgainForm = lazy(() => import('./AgainForm.tsx').then((m) => ({ default: m.AgainForm })))

type Seen = { kind: 'asking' } | { kind: 'failed'; error: ApiError } | Authorization

const asked = (): OidcReturn => {
  const given = new URLSearchParams(location.search)
  const name = given.get('name')
  const factor = given.get('factor')
  return {
    host: given.get('host') ?? '',
    ...(name === null ? {} : { name }),
    rd: given.get('rd') ?? '/',
    state: given.get('state') ?? '',
    ...(factor === null ? {} : { factor }),
  }
}

/** Asks the panel what becomes of a visitor whom a host sent here. Without a session that is a 401. */
async function ask(): Promise<Exclude<Seen, { kind: 'asking' }>> {
  const { factor, ...body } = asked()
  try {
    // Whoever comes straight from the app has not sent a page of the panel before, and knows no token of the session.
    sessionIs(await call(meView))
    return await call(authorize, { body: { ...body, factor: factor === '1' } })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.code === 'unauthenticated' ? { kind: 'sign_in' } : { kind: 'failed', error }
  }
}

/** What the address says is shown only where it could be a name of a host: nobody writes sentences into this page. */
const nameToShow = (): string | null => {
  const name = asked().name ?? ''
  return /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name) ? name : null
}

/** The hop between an app and the panel. Whoever is signed in and may go on sees nothing of it. */
export function AuthorizePage() {
  useTitle('Sign in')
  const [seen, setSeen] = useState<Seen>({ kind: 'asking' })
  const goOn = async () => {
    const next = await ask()
    // Replaced: the way back from the app leads past this page.
    if (next.kind === 'go') location.replace(next.url)
    else setSeen(next)
  }
  const first = useEffectEvent(() => void goOn())
  useEffect(() => first(), [])
  return <Door foot={<Foot seen={seen} />}>{card(seen, goOn)}</Door>
}

function card(seen: Seen, goOn: () => Promise<void>) {
  switch (seen.kind) {
    case 'asking':
    case 'go':
      return <DoorWait>On to the app…</DoorWait>
    case 'sign_in':
      return (
        <SignIn
          lead={<>to open {nameToShow() === null ? 'the app you asked for' : <b>{nameToShow()}</b>}</>}
          to={location.pathname + location.search}
          authorize={asked()}
          onSignedIn={() => void goOn()}
        />
      )
    case 'factor':
      return (
        <section className="card lgc" aria-label="Second factor">
          <DoorHead
            title="One more step"
            lead={
              <>
                <b>{seen.name}</b> asks for your second factor again.
              </>
            }
          />
          <Suspense fallback={<div className="otphold" />}>
            <AgainForm fresh onDone={() => void goOn()} />
          </Suspense>
        </section>
      )
    case 'denied':
      return (
        <section className="card lgc" aria-label="Not for this account">
          <DoorHead
            title="You may not open this"
            lead={
              <>
                <b>{seen.name}</b> is not shared with your account. Whoever runs this home can change that.
              </>
            }
          />
          <div className="stack g2">
            <a className={buttonClass({ kind: 'primary', size: 'lg', full: true })} href={paths.overview()}>
              Your apps
            </a>
            <a
              className={buttonClass({ size: 'lg', full: true })}
              href={paths.login(location.pathname + location.search)}
            >
              Sign in as somebody else
            </a>
          </div>
        </section>
      )
    case 'failed':
      return (
        <section className="card lgc" aria-label="This did not work" role="alert">
          <DoorHead title="This link does not lead on" lead={seen.error.message} />
          <button
            type="button"
            className={buttonClass({ kind: 'primary', size: 'lg', full: true })}
            onClick={() => history.back()}
          >
            Go back
          </button>
        </section>
      )
  }
}

function Foot({ seen }: { seen: Seen }) {
  if (seen.kind !== 'denied' && seen.kind !== 'failed') return null
  return 'Open the app once more to try again.'
}
