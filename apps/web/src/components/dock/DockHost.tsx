import { lazy, Suspense, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { endedSession, subscribeSession } from '../../api/session.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { toast } from '../../ui/Toast.tsx'
import {
  follow,
  followedNow,
  refreshAll,
  subscribeFollowed,
  usePendingAsked,
  watch,
  watching,
  wishedBack,
} from './pending.ts'
import { endedWords } from './words.ts'

const loadDock = () => import('./Dock.tsx').then((m) => ({ default: m.Dock }))
const Dock = lazy(loadDock)
const Applying = lazy(() => import('../../pages/change/Applying.tsx').then((m) => ({ default: m.Applying })))

/** On every page: the change that waits to be kept, and a word about how it ended. */
export function DockHost() {
  const go = useGo()
  const { data, isError } = usePendingAsked()
  const followed = useSyncExternalStore(subscribeFollowed, followedNow)
  const lost = useSyncExternalStore(subscribeSession, endedSession) !== null
  const pending = data?.pending ?? null
  const last = data?.last ?? null

  const ended = useEffectEvent(() => {
    const id = watching()
    if (id === null || pending?.id === id || last?.id !== id) return
    watch(null)
    follow(null)
    const { state, words } = endedWords(last, wishedBack(last.id))
    const to = last.revision === null ? paths.changes() : paths.changes({ open: String(last.revision) })
    toast(words, {
      state,
      action: state === 'ok' ? undefined : { label: 'Show it', run: () => go(to) },
    })
    void refreshAll()
  })
  const id = pending?.id ?? null
  const state = pending?.state ?? null
  useEffect(() => {
    if (id === null) return
    watch(id)
    // What it touches reads differently now.
    if (state === 'waiting') void refreshAll()
  }, [id, state])
  const lastId = last?.id ?? null
  useEffect(() => ended(), [id, lastId])
  useEffect(() => {
    // Fetched while the panel answers: a change may cut the way to it.
    const timer = setTimeout(() => void loadDock().catch(() => null), 3_000)
    return () => clearTimeout(timer)
  }, [])

  if (pending === null) return null
  const following = followed === pending.id && (pending.state === 'applying' || pending.state === 'testing')
  return (
    <Suspense>
      {following ? (
        <Applying pending={pending} onClose={() => follow(null)} />
      ) : (
        <Dock pending={pending} queued={data?.queued ?? 0} reaches={!isError || lost} />
      )}
    </Suspense>
  )
}
