import type { Intent } from '@argos/contract'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { ApiError } from '../api/call.ts'

/** Something to read before it is done. */
export interface Review {
  readonly intent: Intent
  /** The version the edit was begun on: for a host, a pool and the settings. Left out: what is saved now. */
  readonly version?: number | undefined
}

/** What the page beneath wants to know. Lost with a reload, as the page's own state is. */
export interface ReviewHooks {
  readonly applied?: (() => void) | undefined
  /** A refusal that the page's own form shows better, beside its fields. */
  readonly refused?: ((problem: ApiError) => void) | undefined
}

const hooks = new Map<string, ReviewHooks>()
const stored = (key: string) => `argos.review.${key}`
/** For this tab only, and for browsers that store nothing. */
const kept = new Map<string, Review>()

function store(review: Review): string {
  const key = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '0'
  kept.set(key, review)
  try {
    sessionStorage.setItem(stored(key), JSON.stringify(review))
  } catch {
    // Storage is blocked: a reload loses the preview, nothing else.
  }
  return key
}

export function reviewOf(key: string): Review | null {
  const here = kept.get(key)
  if (here) return here
  try {
    const text = sessionStorage.getItem(stored(key))
    // Only `store` writes these keys, and the panel checks whatever is sent.
    const found = text === null ? null : (JSON.parse(text) as Review)
    // One object for one key: what is drawn from it is told apart by it.
    if (found) kept.set(key, found)
    return found
  } catch {
    return null
  }
}

export const hooksOf = (key: string): ReviewHooks => hooks.get(key) ?? {}

export function forgetReview(key: string): void {
  hooks.delete(key)
  kept.delete(key)
  try {
    sessionStorage.removeItem(stored(key))
  } catch {
    // Storage is blocked, so nothing is there.
  }
}

/** Opens the preview of a change over this page; nothing happens before it is read and applied there. */
export function useReview(): (review: Review, then?: ReviewHooks) => void {
  const navigate = useNavigate()
  return useCallback(
    (review, then = {}) => {
      const key = store(review)
      hooks.set(key, then)
      const next = (old: Record<string, string>) => ({ ...old, review: key })
      void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
    },
    [navigate],
  )
}

/** The key of the preview that is open, or an empty text. A drawer steps aside for it and keeps its edits. */
export const useReviewing = (): string =>
  (useSearch({ strict: false }) as Readonly<Record<string, string | undefined>>).review ?? ''
