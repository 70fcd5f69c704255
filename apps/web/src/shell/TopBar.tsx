import { useSuspenseQuery } from '@tanstack/react-query'
import { useMatches } from '@tanstack/react-router'
import { Plus, Search } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { since } from '../lib/time.ts'
import { Avatar, LivePill } from '../ui/Badges.tsx'
import { buttonClass, IconButton } from '../ui/Button.tsx'
import { Mark } from '../ui/Mark.tsx'
import { useCrumbs } from './crumbs.ts'
import { useSystem } from './status.ts'
import { ThemeToggle } from './ThemeToggle.tsx'

// Menus are no part of the first load; they come right after it.
const AccountMenu = lazy(() => import('./AccountMenu.tsx').then((m) => ({ default: m.AccountMenu })))

/** Crumbs at the left; live, theme and account at the right. */
export function TopBar({ onJump }: { onJump: () => void }) {
  const crumbs = useCrumbs(useMatches())
  const { isError, dataUpdatedAt, isSuccess } = useSystem()
  const { user } = useSuspenseQuery(meQuery).data
  return (
    <header className="top">
      <span className="phone-only">
        <Mark size={22} />
      </span>
      <nav className="crumbs" aria-label="Where you are">
        {crumbs.map((crumb, i) =>
          i === crumbs.length - 1 ? (
            <span key={crumb.label} className="cut" aria-current="page">
              {crumb.label}
            </span>
          ) : (
            <span key={crumb.label} className="row g2 up">
              <Link to={crumb.to}>{crumb.label}</Link>
              <span aria-hidden="true">/</span>
            </span>
          ),
        )}
      </nav>
      <div className="tools">
        <span className="phone-hide">
          {isSuccess || isError ? (
            <LivePill
              live={!isError}
              since={dataUpdatedAt ? `Not live ${since(dataUpdatedAt)}` : undefined}
            />
          ) : null}
        </span>
        <Link
          className={`${buttonClass({ kind: 'ghost', size: 'sm' })} icon phone-only`}
          to={paths.hostNew()}
          aria-label="Add host"
        >
          <Plus />
        </Link>
        <IconButton
          className="phone-only"
          size="sm"
          label="Search or jump to"
          icon={<Search />}
          onClick={onJump}
        />
        <ThemeToggle />
        <Suspense fallback={<Avatar name={user.username} />}>
          <AccountMenu />
        </Suspense>
      </div>
    </header>
  )
}
