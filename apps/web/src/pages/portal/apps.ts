import type { PortalApp } from '@argos/contract'
import { useSyncExternalStore } from 'react'

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** What people call it: `photos.home.example` is Photos, `home-assistant.example` Home assistant. */
export const titleOf = (name: string): string =>
  capital((name.split('.', 1)[0] ?? name).replaceAll(/[-_]+/g, ' ').trim() || name)

export interface Shelf {
  readonly title: string
  readonly apps: readonly PortalApp[]
}

/** Apps by their first tag, those without one last. Without any tag it is a single shelf, which needs no title. */
export function shelves(apps: readonly PortalApp[]): readonly Shelf[] {
  const byTag = Map.groupBy(apps, ({ tags }) => tags[0] ?? '')
  const tagged = [...byTag].filter(([tag]) => tag !== '').sort(([a], [b]) => a.localeCompare(b))
  const rest = byTag.get('') ?? []
  return [
    ...tagged.map(([tag, inside]) => ({ title: capital(tag), apps: inside })),
    ...(rest.length === 0 ? [] : [{ title: tagged.length === 0 ? 'All apps' : 'Other apps', apps: rest }]),
  ]
}

export const found = (apps: readonly PortalApp[], typed: string): readonly PortalApp[] => {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return apps.filter(({ name, tags }) => words.every((word) => `${name} ${tags.join(' ')}`.includes(word)))
}

export type Openings = Readonly<Record<string, number>>
/** The last four that were opened here, the newest first, of those that are still there. */
export const recent = (apps: readonly PortalApp[], openings: Openings): readonly PortalApp[] =>
  apps
    .filter(({ hostId }) => openings[hostId] !== undefined)
    .sort((a, b) => (openings[b.hostId] ?? 0) - (openings[a.hostId] ?? 0))
    .slice(0, 4)

const keyOf = (userId: string) => `argos.opened.${userId}`
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** When somebody last opened what from here: of this browser alone, and nobody else's business. */
export function useOpenings(userId: string): [Openings, (hostId: string) => void] {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(keyOf(userId)) ?? '{}')
  return [
    parse(text),
    (hostId) => {
      const next = { ...parse(text), [hostId]: Date.now() }
      localStorage.setItem(keyOf(userId), JSON.stringify(next))
      for (const listener of listeners) listener()
    },
  ]
}

function parse(text: string): Openings {
  try {
    const value: unknown = JSON.parse(text)
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    return Object.fromEntries(entries.filter((e): e is [string, number] => typeof e[1] === 'number'))
  } catch {
    return {} // somebody else's, or half of it
  }
}
