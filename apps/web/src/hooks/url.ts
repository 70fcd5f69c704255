import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { destination } from '../components/Link.tsx'

/** Goes to an address from `lib/paths.ts`. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return useCallback(
    (to, options) => {
      const { to: path, search, hash } = destination(to)
      // See `Link`: addresses come from `paths`.
      void navigate({ to: path as '/', search: search as never, hash, replace: options?.replace ?? false })
    },
    [navigate],
  )
}

/** A value kept in the address, such as the search text or a filter. Empty removes it. Does not add to the history. */
export function useUrlState(key: string): [value: string, set: (value: string) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>
  const navigate = useNavigate()
  const set = useCallback(
    (value: string) => {
      const next = (old: Record<string, string>) => {
        const { [key]: _, ...rest } = old
        return value === '' ? rest : { ...rest, [key]: value }
      }
      void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
    },
    [key, navigate],
  )
  return [search[key] ?? '', set]
}
