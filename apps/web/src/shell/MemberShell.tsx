import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { useKey } from '../hooks/page.ts'
import { useUrlState } from '../hooks/url.ts'
import { paths } from '../lib/paths.ts'
import { Avatar, Kbd } from '../ui/Badges.tsx'
import { Input } from '../ui/Field.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Asking, loadAsking } from './Asking.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'
import './around.css'
import './member.css'

const AccountMenu = lazy(() => import('./AccountMenu.tsx').then((m) => ({ default: m.AccountMenu })))

/** Around the pages of members: their apps and their account, and nothing of how the edge is run. */
export function MemberShell() {
  const { user } = useSuspenseQuery(meQuery).data
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  useEffect(() => {
    const timer = setTimeout(() => void loadAsking().catch(() => undefined), 2_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="member">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="ptop">
        <Link to={paths.overview()} className="row g2">
          <Mark size={22} />
          <b className="cut">{location.hostname}</b>
        </Link>
        {pathname === paths.account() ? <span /> : <Find />}
        <div className="row g2 end">
          <ThemeToggle />
          <Suspense fallback={<Avatar name={user.displayName || user.username} />}>
            <AccountMenu named />
          </Suspense>
        </div>
      </header>
      <main id="page" className="ppage" tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <Asking />
    </div>
  )
}

function Find() {
  const [typed, setTyped] = useUrlState('q')
  const field = useRef<HTMLInputElement>(null)
  useKey('/', () => field.current?.focus())
  return (
    <Input
      ref={field}
      size="sm"
      className="srch"
      type="search"
      aria-label="Find an app"
      placeholder="Find an app"
      before={<Search />}
      after={<Kbd keys={['/']} />}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
