import {
  changeList,
  driftView,
  hostList,
  hostView,
  pendingExtend,
  pendingKeep,
  pendingReturn,
  pendingView,
  policyList,
  policyView,
  poolList,
  poolView,
  revisionDiff,
  revisionList,
  revisionView,
  settingsView,
  systemStatus,
} from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { call, type Output } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { endedSession } from '../../api/session.ts'

export type PendingAnswer = Output<typeof pendingView>

const pendingQuery = query(pendingView)
const rarelyMs = 12_000

/** The change that waits. The shell asks for it all the time, so that pages only read it. */
export const usePending = () =>
  useQuery({ ...pendingQuery, retry: false, staleTime: Number.POSITIVE_INFINITY })

/** For the shell: each second while one waits, else now and then. */
export const usePendingAsked = () =>
  useQuery({
    ...pendingQuery,
    retry: false,
    refetchInterval: ({ state }) => {
      // Asking without a session only fails; signing in asks again.
      if (endedSession() !== null) return false
      const now = state.data?.pending
      if (!now) return rarelyMs
      return now.state === 'applying' || now.state === 'testing' ? 400 : 1_000
    },
  })

/** What was last heard, without asking. */
export const pendingNow = (): PendingAnswer | undefined => queryClient.getQueryData(pendingQuery.queryKey)

/** Asks at once: after a save that waits to be kept, and when somebody wants to know. */
export const askPending = (): Promise<PendingAnswer> =>
  queryClient.fetchQuery({ ...pendingQuery, staleTime: 0, retry: false })

/** Everything that a change, or taking it back, may have touched. */
export const refreshAll = (): Promise<unknown> =>
  refresh(
    hostList,
    hostView,
    poolList,
    poolView,
    policyList,
    policyView,
    settingsView,
    revisionList,
    revisionView,
    revisionDiff,
    changeList,
    driftView,
    systemStatus,
    pendingView,
  )

export async function keep(id: string): Promise<void> {
  await call(pendingKeep, { params: { id } })
  await askPending().catch(() => null)
}
let wished: string | null = null
/** Whether this tab asked for it to go back: then its end is no bad news here. */
export const wishedBack = (id: string): boolean => wished === id
export async function putBack(id: string): Promise<void> {
  wished = id
  await call(pendingReturn, { params: { id } })
  await askPending().catch(() => null)
}
export async function extend(id: string): Promise<void> {
  const pending = await call(pendingExtend, { params: { id } })
  queryClient.setQueryData<PendingAnswer>(pendingQuery.queryKey, (old) => (old ? { ...old, pending } : old))
}

const seenKey = 'argos.waits'
let watched: string | null = null

/** The change whose end this tab owes a word about, even after a reload. */
export function watching(): string | null {
  if (watched !== null) return watched
  try {
    return sessionStorage.getItem(seenKey)
  } catch {
    return null
  }
}
export function watch(id: string | null): void {
  watched = id
  try {
    if (id === null) sessionStorage.removeItem(seenKey)
    else sessionStorage.setItem(seenKey, id)
  } catch {
    // Storage is blocked: a reload forgets it.
  }
}

// Which change's progress this tab follows in a dialog: the one it has just applied.
let followed: string | null = null
const listeners = new Set<() => void>()
export const subscribeFollowed = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const followedNow = (): string | null => followed
export function follow(id: string | null): void {
  followed = id
  if (id !== null) watch(id)
  for (const listener of listeners) listener()
}
