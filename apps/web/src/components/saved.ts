import { changeUndo, type Saved, systemStatus } from '@argos/contract'
import { ApiError, call } from '../api/call.ts'
import { queryClient, refresh } from '../api/query.ts'
import { type ToastOptions, toast } from '../ui/Toast.tsx'
import { askPending, refreshAll } from './dock/pending.ts'

const patienceMs = 30_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Says "Saved, going live" until the edge serves that generation, or why it does not. `action` is the way back. */
export async function announceSaved(
  saved: Saved,
  words = 'Saved',
  action?: ToastOptions['action'],
): Promise<void> {
  if (saved.pending !== null) {
    // The dock says the rest.
    await askPending().catch(() => null)
    return
  }
  if (saved.live) {
    toast(`${words}, live`, { action })
    return
  }
  const id = toast(`${words}, going live`, { state: 'busy' })
  const until = Date.now() + patienceMs
  for (let round = 0; Date.now() < until; round += 1) {
    await pause(400)
    const status = await call(systemStatus).catch(() => null)
    if (status === null) continue
    queryClient.setQueryData([systemStatus.id, {}], status)
    if (status.generations.applied >= saved.generation) {
      const { lastError, lastRevision } = status.generations
      if (lastError === null)
        toast.update(id, `${words}, live${lastRevision === null ? '' : ` as r${lastRevision}`}`, { action })
      else toast.update(id, `${words}, but the edge refused it: ${lastError}`, { state: 'bad' })
      await refresh(systemStatus)
      return
    }
    if (status.edge.state === 'unreachable') {
      toast.update(id, `${words}. The edge does not answer; it goes live when the edge is back.`, {
        state: 'warn',
      })
      return
    }
    const waits = round % 4 === 0 ? (await askPending().catch(() => null))?.pending : null
    if (waits && waits.generation < saved.generation) {
      toast.update(id, `${words}, goes live after the change that waits`, { state: 'watching', action })
      return
    }
  }
  toast.update(id, `${words}, but not live after 30 s. The system page says why.`, { state: 'warn' })
}

/** The way back from a save that needed no preview: exactly what it changed goes back. */
export const undoOf = ({ generation }: Saved): NonNullable<ToastOptions['action']> => ({
  label: 'Undo',
  run: () => {
    call(changeUndo, { params: { generation } }).then(
      ({ saved }) => {
        void refreshAll()
        return announceSaved(saved, 'Undone')
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        toast(`Not undone. ${error.message}`, { state: 'bad' })
      },
    )
  },
})
