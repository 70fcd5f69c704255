import type { SavedView } from '@argos/contract'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { hostStates, type Listing, parseSort, sortText, views } from './listing.ts'

type Search = Readonly<Record<string, string | undefined>>

export function listingOf(search: Search): Listing {
  return {
    q: search.q ?? '',
    tags: (search.tags ?? '').split(',').filter(Boolean),
    view: views.find((v) => v === search.view) ?? '',
    states: hostStates.filter((state) => (search.state ?? '').split(',').includes(state)),
    access: (search.access ?? '').split(',').filter(Boolean),
    sort: parseSort(search.sort ?? ''),
    grouped: search.group !== 'none',
    saved: search.saved ?? '',
  }
}

/** Only what differs from the plain list stands in the address. */
export function searchOf(listing: Listing): Record<string, string> {
  const { q, tags, view, states, access, sort, grouped, saved } = listing
  const said = {
    ...{ q, tags: tags.join(','), view, state: states.join(','), access: access.join(',') },
    ...{ sort: sortText(sort), group: grouped ? '' : 'none', saved },
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''))
}

/** What a saved view keeps of the list. */
export const queryOf = (listing: Listing): string =>
  new URLSearchParams(searchOf({ ...listing, saved: '' })).toString()
/** The list that a saved view stands for. */
export const savedListing = ({ id, query }: Pick<SavedView, 'id' | 'query'>): Listing =>
  listingOf({ ...Object.fromEntries(new URLSearchParams(query)), saved: id })

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
