import { useSyncExternalStore } from 'react'

/** Choices of this browser, not of the account. Absent means the default. */
interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  readonly density: 'dense' | 'comfortable'
  readonly keys: 'on' | 'off'
}
const defaults: Preferences = { theme: 'system', density: 'dense', keys: 'on' }
const listeners = new Set<() => void>()

function read<K extends keyof Preferences>(key: K): Preferences[K] {
  try {
    // Only `setPreference` writes these keys; a foreign value does no more than fall through to a default style.
    return (localStorage.getItem(`argos.${key}`) as Preferences[K] | null) ?? defaults[key]
  } catch {
    return defaults[key] // storage is blocked
  }
}

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  try {
    localStorage.setItem(`argos.${key}`, value)
  } catch {
    // Storage is blocked: the choice holds for this page only.
  }
  if (key === 'theme') applyTheme(value as Preferences['theme'])
  for (const listener of listeners) listener()
}

function applyTheme(theme: Preferences['theme']): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePreference = <K extends keyof Preferences>(key: K): Preferences[K] =>
  useSyncExternalStore(subscribe, () => read(key))

export const preference = read

/** What is on screen now, whatever was chosen. */
export function shownTheme(): 'light' | 'dark' {
  const theme = read('theme')
  if (theme !== 'system') return theme
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
