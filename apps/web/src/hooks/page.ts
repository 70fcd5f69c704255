import { useEffect, useEffectEvent } from 'react'
import { preference } from '../lib/preferences.ts'

/** The tab's title: "Hosts · Argos". */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Argos' : `${title} · Argos`
  }, [title])
}

export const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable="true"]') !== null

const open = '[role="menu"], [role="listbox"]'
const dialog = '[role="dialog"]:not(.toast)'

/**
 * Runs on a single key, such as `n`, while nobody types, no dialog is open and single keys are on. `inside` is for keys
 * of a dialog itself, which rest while a menu is open over it.
 */
export function useKey(key: string, run: () => void, { inside = false }: { inside?: boolean } = {}): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (typing(event.target) || preference('keys') === 'off') return
    if (document.querySelector(inside ? open : `${dialog}, ${open}`)) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
