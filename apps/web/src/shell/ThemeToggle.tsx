import { Sun } from 'lucide-react'
import { setPreference, shownTheme } from '../lib/preferences.ts'
import { IconButton } from '../ui/Button.tsx'

export const toggleTheme = (): void => setPreference('theme', shownTheme() === 'dark' ? 'light' : 'dark')

export const ThemeToggle = ({ className }: { className?: string }) => (
  <IconButton
    size="sm"
    label="Switch between dark and light"
    icon={<Sun />}
    onClick={toggleTheme}
    className={className ?? ''}
  />
)
