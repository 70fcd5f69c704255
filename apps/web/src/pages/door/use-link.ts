import { useEffect, useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { linkToken } from '../../lib/link-token.ts'

export type Opened<T> =
  | { at: 'asking' }
  | { at: 'open'; token: string; link: T }
  | { at: 'failed'; why: string }

/** What a one-time link is for, as the panel says; `open` asks it, and does not change between renders. */
export function useLink<T>(open: (token: string) => Promise<T>): Opened<T> {
  const [opened, setOpened] = useState<Opened<T>>({ at: 'asking' })
  useEffect(() => {
    const token = linkToken()
    if (token === null)
      return setOpened({
        at: 'failed',
        why: 'The link is not whole. Open it once more from where you got it.',
      })
    open(token).then(
      (link) => setOpened({ at: 'open', token, link }),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setOpened({ at: 'failed', why: error.message })
      },
    )
  }, [open])
  return opened
}
