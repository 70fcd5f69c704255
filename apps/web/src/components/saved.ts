import { type Saved, systemStatus } from '@argos/contract'
import { call } from '../api/call.ts'
import { queryClient, refresh } from '../api/query.ts'
import { type ToastOptions, toast } from '../ui/Toast.tsx'

const patienceMs = 30_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Says "Saved, going live" until the edge serves that generation, or why it does not. `action` is the way back. */
export async function announceSaved(
  saved: Saved,
  words = 'Saved',
  action?: ToastOptions['action'],
): Promise<void> {
  if (saved.live) {
    toast(`${words}, live`, { action })
    return
  }
  const id = toast(`${words}, going live`, { state: 'busy' })
  const until = Date.now() + patienceMs
  while (Date.now() < until) {
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
  }
  toast.update(id, `${words}, but not live after 30 s. The system page says why.`, { state: 'warn' })
}
