import { useEffect } from 'react'
import { setCrumb } from '../shell/crumbs.ts'

/** Names the open thing in the top bar while the page is mounted: "Hosts / photos.home.example". */
export function useCrumb(label: string | undefined): void {
  useEffect(() => {
    setCrumb(label ?? null)
    return () => setCrumb(null)
  }, [label])
}
