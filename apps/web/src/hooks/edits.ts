import { useState } from 'react'

export interface Edits<T> {
  readonly value: T
  /** The version the edits were begun on: what the panel compares. */
  readonly version: number
  readonly dirty: boolean
  readonly edit: (patch: Partial<T>) => void
  /** Back to what is saved. */
  readonly reset: () => void
  /** Keeps the edits, but on top of what is saved now. */
  readonly rebase: (version: number) => void
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** A form over saved data: follows it until someone types, then keeps what was typed. `T` is plain JSON. */
export function useEdits<T extends object>(saved: T, version: number): Edits<T> {
  const [draft, setDraft] = useState<{ value: T; version: number } | null>(null)
  const value = draft?.value ?? saved
  return {
    value,
    version: draft?.version ?? version,
    dirty: draft !== null && !same(draft.value, saved),
    edit: (patch) =>
      setDraft((old) => ({
        value: { ...(old?.value ?? saved), ...patch },
        version: old?.version ?? version,
      })),
    reset: () => setDraft(null),
    rebase: (next) => setDraft((old) => (old === null ? null : { ...old, version: next })),
  }
}
