import { useEffect, useEffectEvent } from 'react'
import { useKey } from '../hooks/page.ts'
import { useGo } from '../hooks/url.ts'
import { paths } from '../lib/paths.ts'
import { preference } from '../lib/preferences.ts'
import { sections } from './sections.ts'

const chordMs = 1_200

/** Keys that work on every page: the palette, `g` and a second key, `n`, `/`, `?`. */
export function useShortcuts({ palette, help }: { palette: () => void; help: () => void }): void {
  const go = useGo()
  useKey('n', () => go(paths.hostNew()))
  useKey('?', help)
  useKey('/', () => {
    const search = document.querySelector<HTMLElement>('[data-search]')
    if (search) search.focus()
    else palette()
  })
  const onPalette = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
    event.preventDefault()
    palette()
  })
  const onChord = useEffectEvent((key: string) => {
    const section = sections.find((s) => s.chord === key)
    if (section) go(section.to)
    return section !== undefined
  })
  useEffect(() => {
    let startedAt = 0
    const listener = (event: KeyboardEvent) => {
      onPalette(event)
      const free =
        !(
          event.target instanceof HTMLElement &&
          event.target.closest('input, textarea, select, [role="dialog"]')
        ) &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.altKey &&
        preference('keys') === 'on'
      if (!free) return
      const second = event.timeStamp - startedAt < chordMs
      startedAt = 0
      if (second && onChord(event.key)) event.preventDefault()
      else if (event.key === 'g') startedAt = event.timeStamp
    }
    // Before the single keys, so that the second key of a chord is not taken for one of them.
    addEventListener('keydown', listener, { capture: true })
    return () => removeEventListener('keydown', listener, { capture: true })
  }, [])
}
