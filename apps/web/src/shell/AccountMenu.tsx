import { useSuspenseQuery } from '@tanstack/react-query'
import { ChevronDown, CircleUser, LayoutGrid, LogOut, Monitor, Moon, Settings2, Sun } from 'lucide-react'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { setPreference, usePreference } from '../lib/preferences.ts'
import { Avatar } from '../ui/Badges.tsx'
import { Menu, MenuHead, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { signOut } from './sign-out.ts'

const themes = [
  { value: 'system', label: 'As the system', icon: <Monitor /> },
  { value: 'light', label: 'Light', icon: <Sun /> },
  { value: 'dark', label: 'Dark', icon: <Moon /> },
] as const

/** Theme, settings and the way out. */
export function AccountMenu({
  named = false,
}: {
  /** Shows whose it is beside the letter. */ named?: boolean
}) {
  const { user } = useSuspenseQuery(meQuery).data
  const theme = usePreference('theme')
  const shown = user.displayName || user.username
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="account"
          {...(named ? {} : { 'aria-label': `Account of ${user.username}` })}
        >
          <Avatar name={shown} />
          {named ? (
            <>
              <span className="sr">Account of {shown}</span>
              <span className="phone-hide" aria-hidden="true">
                {shown}
              </span>
              <ChevronDown />
            </>
          ) : null}
        </button>
      }
    >
      <MenuHead>
        {shown}, {user.role === 'admin' ? 'administrator' : 'member'}
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
      <MenuItem icon={<CircleUser />} link={<Link to={paths.account()} />}>
        My account
      </MenuItem>
      {user.role === 'admin' ? (
        <>
          <MenuItem icon={<LayoutGrid />} link={<Link to={paths.apps()} />}>
            Your apps
          </MenuItem>
          <MenuItem icon={<Settings2 />} link={<Link to={paths.settings()} />}>
            Settings
          </MenuItem>
        </>
      ) : null}
      <MenuItem icon={<LogOut />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
