import type { SystemStatus } from '@argos/contract'
import { keyWords } from '../../lib/diff.ts'
import type { Light } from '../../lib/host.ts'
import { duration, span } from '../../lib/time.ts'
import { count, Things, things } from '../../lib/words.ts'

type Worker = SystemStatus['workers'][number]

/** The page's first sentence: the worst first, and well only when everything was measured. */
export function headline(status: SystemStatus, waits = false): string {
  const { edge, generations, workers, warnings } = status
  if (edge.state === 'unreachable') return 'The edge does not answer.'
  if (waits) return 'A change waits to be kept.'
  const failing = workers.filter((worker) => worker.lastError !== null).length
  if (failing > 0) return `${Things(failing, 'worker fails', 'workers fail')}.`
  if (edge.drifted > 0) return `Somebody changed ${things(edge.drifted, 'thing')} at the edge by hand.`
  if (!generations.inSync) return 'Something is saved and not live yet.'
  if (warnings.length > 0) return `${Things(warnings.length, 'thing')} to look at.`
  return 'Panel and edge are well.'
}

export function edgeWords({ edge, generations }: SystemStatus, waits = false): Light {
  if (edge.state === 'unreachable') return { state: 'bad', words: 'does not answer' }
  if (waits) return { state: 'watching', words: 'serves what waits to be kept' }
  if (edge.drifted > 0) return { state: 'warn', words: 'changed by hand' }
  if (edge.state === 'behind') {
    return generations.lastError === null
      ? { state: 'busy', words: 'going live' }
      : { state: 'warn', words: 'behind what is saved' }
  }
  return { state: 'ok', words: 'serves what is saved' }
}

/** A worker that never ran is not well, it is not known. */
export function workerLight(worker: Worker): Light {
  if (worker.lastRunAt === null) return { state: 'unknown', words: 'has not run yet' }
  if (worker.lastError === null) return { state: 'ok', words: 'well' }
  return {
    state: worker.failures >= 3 ? 'bad' : 'warn',
    words: worker.failures <= 1 ? 'failed once' : `failed ${worker.failures} times in a row`,
  }
}

/** "every 15 s". */
export const everyWords = (ms: number): string => `every ${ms < 1000 ? duration(ms) : span(ms)}`

/** What a pass answered, as a person would note it: `{ sessionsEnded: 2 }` → "sessions ended: 2". Nested values stay away. */
export function resultWords(result: unknown): string {
  if (typeof result !== 'object' || result === null) return ''
  return Object.entries(result)
    .flatMap(([key, value]) => {
      if (typeof value === 'number') return `${keyWords(key)}: ${count(value)}`
      if (typeof value === 'string' && value !== '') return `${keyWords(key)}: ${value}`
      if (typeof value === 'boolean') return `${keyWords(key)}: ${value ? 'yes' : 'no'}`
      return []
    })
    .join(', ')
}

const boots: Record<string, string> = {
  current: 'what it served before',
  previous: 'the configuration before the last: the last was damaged',
  nothing: 'nothing: it waited for the panel',
}
export const bootWords = (from: string | null): string =>
  from === null ? 'not known' : (boots[from] ?? from)

/** `tcp/0.0.0.0:443` → `0.0.0.0:443`, with "UDP" (HTTP/3) said where it is. */
export function listenerWords(listener: string): { address: string; kind: string } {
  const at = listener.indexOf('/')
  const network = at === -1 ? 'tcp' : listener.slice(0, at)
  return {
    address: at === -1 ? listener : listener.slice(at + 1),
    kind: network.startsWith('udp') ? 'UDP, for HTTP/3' : 'TCP',
  }
}

/** Our own modules first, then by name. */
export const sortedModules = (modules: readonly string[]): readonly string[] => {
  const own = (name: string) => (name.includes('argos') ? 0 : 1)
  return modules.toSorted((a, b) => own(a) - own(b) || a.localeCompare(b, 'en'))
}
