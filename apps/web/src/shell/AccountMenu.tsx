import { logout } from '@argos/contract'
import { useSuspenseQuery } from '@tanstack/react-query'
import { LogOut, Monitor, Moon, Settings2, Sun } from 'lucide-react'
import { call } from '../api/call.ts'
import { meQuery } from '../api/query.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { setPreference, usePreference } from '../lib/preferences.ts'
import { Avatar } from '../ui/Badges.tsx'
import { Menu, MenuHead, MenuItem, MenuLine } from '../ui/Menu.tsx'

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

/** Theme, settings and the way out. */
export function AccountMenu() {
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
