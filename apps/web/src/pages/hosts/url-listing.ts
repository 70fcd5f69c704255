import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Listing, parseSort, sortText, views } from './listing.ts'

type Search = Readonly<Record<string, string | undefined>>

export function listingOf(search: Search): Listing {
  return {
    q: search.q ?? '',
    tags: (search.tags ?? '').split(',').filter(Boolean),
    view: views.find((v) => v === search.view) ?? '',
    sort: parseSort(search.sort ?? ''),
    grouped: search.group !== 'none',
  }
}

/** Only what differs from the plain list stands in the address. */
export function searchOf({ q, tags, view, sort, grouped }: Listing): Record<string, string> {
  const said = { q, tags: tags.join(','), view, sort: sortText(sort), group: grouped ? '' : 'none' }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''))
}

/** The list as the address says it, and how to change the address. */
export function useListing(): [Listing, (patch: Partial<Listing>) => void] {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const listing = listingOf(search)
  const change = (patch: Partial<Listing>) => {
    const next = searchOf({ ...listing, ...patch })
    void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
  }
  return [listing, change]
}
