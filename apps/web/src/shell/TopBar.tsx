import { logout } from '@argos/contract'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useMatches } from '@tanstack/react-router'
import { LogOut, Monitor, Moon, Search, Settings2, Sun } from 'lucide-react'
import { call } from '../api/call.ts'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { setPreference, usePreference } from '../lib/preferences.ts'
import { since } from '../lib/time.ts'
import { Avatar, LivePill } from '../ui/Badges.tsx'
import { IconButton } from '../ui/Button.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Menu, MenuHead, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { useCrumbs } from './crumbs.ts'
import { useSystem } from './status.ts'
import { ThemeToggle } from './ThemeToggle.tsx'

/** Crumbs at the left; live, theme and account at the right. */
export function TopBar({ onJump }: { onJump: () => void }) {
  const crumbs = useCrumbs(useMatches())
  const { isError, dataUpdatedAt, isSuccess } = useSystem()
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
        <IconButton
          className="phone-only"
          size="sm"
          label="Search or jump to"
          icon={<Search />}
          onClick={onJump}
        />
        <ThemeToggle />
        <Account />
      </div>
    </header>
  )
}

const themes = [
  { value: 'system', label: 'As the system', icon: <Monitor /> },
  { value: 'light', label: 'Light', icon: <Sun /> },
  { value: 'dark', label: 'Dark', icon: <Moon /> },
] as const

async function signOut(): Promise<void> {
  await call(logout).catch(() => undefined) // signed out here either way; the cookie's session ends on its own
  // A full load: nothing of this person may stay in memory.
  location.assign(paths.login())
}

function Account() {
  const { user } = useSuspenseQuery(meQuery).data
  const theme = usePreference('theme')
  return (
    <Menu
      trigger={
        <button type="button" className="account" aria-label={`Account of ${user.username}`}>
          <Avatar name={user.username} />
        </button>
      }
    >
      <MenuHead>
        {user.username}, {user.role === 'admin' ? 'administrator' : 'member'}
      </MenuHead>
      {themes.map((t) => (
        <MenuItem
          key={t.value}
          icon={t.icon}
          side={t.value === theme ? 'now' : undefined}
          onClick={() => setPreference('theme', t.value)}
        >
          {t.label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<Settings2 />} link={<Link to={paths.settings()} />}>
        Settings
      </MenuItem>
      <MenuItem icon={<LogOut />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
