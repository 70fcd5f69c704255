import { type Challenge, type OidcReturn, oidcCallback } from '@argos/contract'
import { useEffect, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { sessionIs } from '../../api/session.ts'
import { Said } from '../../components/Said.tsx'
import { useTitle } from '../../hooks/page.ts'
import { Door, DoorWait } from './Door.tsx'
import { authorizePath, cameFrom, knowSession } from './oidc.ts'
import { SignIn } from './SignIn.tsx'

type Seen =
  | { at: 'asking' }
  | { at: 'factor'; challenge: Challenge; to: string }
  | { at: 'failed'; error: ApiError; to: string }

// Read once, and gone from the address bar and the history before anything else happens.
const given = new URLSearchParams(location.search)
const names = ['code', 'state', 'iss', 'error', 'error_description'] as const

/** Where the provider sends the browser back to. */
export function OidcPage() {
  useTitle('Sign in')
  const [seen, setSeen] = useState<Seen>({ at: 'asking' })
  useEffect(() => {
    history.replaceState(history.state, '', location.pathname)
    const from = cameFrom()
    const toOf = (asked: OidcReturn | null) => (asked === null ? from : authorizePath(asked))
    const body = Object.fromEntries(
      names.flatMap((name) => (given.get(name) === null ? [] : [[name, given.get(name)]])),
    )
    void knowSession()
      .then(() => call(oidcCallback, { body }))
      .then(
        (answer) => {
          const to = toOf(answer.authorize)
          if (answer.kind === 'challenge') return setSeen({ at: 'factor', challenge: answer.challenge, to })
          sessionIs(answer.me)
          location.replace(to)
        },
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error
          setSeen({ at: 'failed', error, to: from })
        },
      )
  }, [])
  if (seen.at === 'asking')
    return (
      <Door>
        <DoorWait>Signing in…</DoorWait>
      </Door>
    )
  return (
    <Door foot="Trouble signing in? Whoever runs this home can help.">
      <SignIn
        lead="to go on to your apps"
        to={seen.to}
        challenge={seen.at === 'factor' ? seen.challenge : undefined}
        trouble={seen.at === 'failed' ? <Said message={seen.error.message} /> : undefined}
        onSignedIn={() => location.replace(seen.to)}
      />
    </Door>
  )
}
