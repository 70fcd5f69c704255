import { hostList, hostView, revisionList, type Saved } from '@argos/contract'
import { useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import type { ToastOptions } from '../../ui/Toast.tsx'
import { announceSaved } from '../saved.ts'

/** After a change of hosts: says how it goes, and lets every page show it. */
export function settle(saved: Saved, words: string, action?: ToastOptions['action']): void {
  void announceSaved(saved, words, action).then(() => refresh(hostList, hostView, revisionList))
  void refresh(hostList, hostView)
}

/** One press of a dialog's main button: busy while it runs, the panel's refusal when it fails. */
export function useSend(run: () => Promise<void>, done: () => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const send = () => {
    if (busy) return
    setBusy(true)
    run()
      .then(done)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setProblem(error)
      })
      .finally(() => setBusy(false))
  }
  return { busy, problem, send }
}
