import { MoreHorizontal } from 'lucide-react'
import { Link } from '../components/Link.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import type { Section } from './sections.ts'

/** The sections that have no place in the bottom bar. */
export const MoreMenu = ({ current, rest }: { current: string | undefined; rest: readonly Section[] }) => (
  <Menu
    trigger={
      <button
        type="button"
        {...(rest.some((s) => s.id === current) ? { 'aria-current': 'page' as const } : {})}
      >
        <MoreHorizontal />
        More
      </button>
    }
  >
    {rest.map((s) => (
      <MenuItem key={s.id} icon={<s.icon />} link={<Link to={s.to} />}>
        {s.label}
      </MenuItem>
    ))}
  </Menu>
)
