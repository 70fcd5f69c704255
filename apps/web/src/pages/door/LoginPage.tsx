import { useTitle } from '../../hooks/page.ts'
import { isInside, paths } from '../../lib/paths.ts'
import { Door } from './Door.tsx'
import { SignIn } from './SignIn.tsx'

/** Where to go after signing in: only a place of this UI. */
const destination = (): string => {
  const to = new URLSearchParams(location.search).get('to') ?? ''
  return isInside(to) ? to : paths.overview()
}

/** Stands alone, without router and query client: someone signs in once, and it must come fast over a slow line. */
export function LoginPage() {
  useTitle('Sign in')
  return (
    <Door foot="Lost the password or the phone? Whoever runs this home can help.">
      {/* A full load: nothing of whoever was here before stays in memory. */}
      <SignIn
        lead="to go on to your apps"
        to={destination()}
        onSignedIn={() => location.assign(destination())}
      />
    </Door>
  )
}
