import { useSyncExternalStore } from 'react'

const narrow = matchMedia('(max-width: 860px)')
const subscribe = (tell: () => void) => {
  narrow.addEventListener('change', tell)
  return () => narrow.removeEventListener('change', tell)
}

/** Whether the page is as narrow as a phone: tables become cards. Only where the markup differs; else CSS decides. */
export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches)
