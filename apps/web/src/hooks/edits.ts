import { useState } from 'react'

export interface Edits<T> {
  readonly value: T
  /** Only what was typed. */
  readonly patch: Partial<T>
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

/**
 * A form over saved data: fields nobody touched follow it, touched ones keep what was typed. So what someone else saves
 * meanwhile is never put back by accident. `T` is plain JSON.
 */
export function useEdits<T extends object>(saved: T, version: number): Edits<T> {
  const [draft, setDraft] = useState<{ patch: Partial<T>; version: number } | null>(null)
  const value = draft === null ? saved : { ...saved, ...draft.patch }
  return {
    value,
    patch: draft?.patch ?? {},
    version: draft?.version ?? version,
    dirty: draft !== null && !same(value, saved),
    edit: (patch) =>
      setDraft((old) => ({ patch: { ...old?.patch, ...patch }, version: old?.version ?? version })),
    reset: () => setDraft(null),
    rebase: (next) => setDraft((old) => (old === null ? null : { ...old, version: next })),
  }
}
