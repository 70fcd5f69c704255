import type { FieldError } from '@argos/contract'
import { type RefObject, useEffect, useState } from 'react'
import { ApiError } from '../api/call.ts'

export interface Submit {
  readonly busy: boolean
  /** The last refusal; null once a try went through. */
  readonly problem: ApiError | null
  /** Runs one try; a second press while it runs does nothing. True when it went through. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>
  /** What is wrong with a field, by its path in the body, until that field is edited. */
  readonly field: (path: string) => string | undefined
  /** Takes back what was said about a field and everything inside it. */
  readonly edited: (path: string) => void
}

/** A refusal found here, in the shape of one of the panel's. */
export const refusedHere = (fields: readonly FieldError[]): ApiError =>
  new ApiError(0, {
    code: 'invalid',
    message: 'Some fields need another look.',
    requestId: '',
    fields: [...fields],
  })

const inside = (path: string, whole: string) => path === whole || path.startsWith(`${whole}.`)

/** Sending a form: busy, the refusal, its fields, and the focus on the first wrong one. */
export function useSubmit(form: RefObject<HTMLElement | null>): Submit {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [mended, setMended] = useState<readonly string[]>([])
  useEffect(() => {
    if (problem === null || problem.fields.length === 0) return
    form.current?.querySelector<HTMLElement>('[data-invalid] :is(input, textarea, button)')?.focus()
  }, [problem, form])

  return {
    busy,
    problem,
    run: async (work) => {
      if (busy) return false
      setBusy(true)
      try {
        await work()
        setProblem(null)
        return true
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        setMended([])
        // An ended session is the shell's to mend, over the page and its edits.
        setProblem(error.code === 'unauthenticated' ? null : error)
        return false
      } finally {
        setBusy(false)
      }
    },
    field: (path) => (mended.some((whole) => inside(path, whole)) ? undefined : problem?.field(path)),
    edited: (path) => setMended((old) => (problem === null || old.includes(path) ? old : [...old, path])),
  }
}
