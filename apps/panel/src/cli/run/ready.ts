import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../verb.ts'
import { askPanelUrl, type EdgeInfo } from './ask.ts'
import { savedGeneration } from './generation.ts'

export interface Asked {
  edge(): Promise<EdgeInfo | null>
  panel(): Promise<boolean>
  readonly databasePath: string
  readonly panelUrl: string
  /** Gives up at once. */
  readonly signal?: AbortSignal
}

const LIMIT_MS = 60_000
const EVERY_MS = 40

/** Resolves when edge and panel answer, the edge serves what is saved, and the panel is reached through it. */
export async function waitReady({ edge, panel, databasePath, panelUrl, signal }: Asked): Promise<void> {
  const until = performance.now() + LIMIT_MS
  const wait = async (what: string, check: () => Promise<boolean>) => {
    while (!(await check())) {
      signal?.throwIfAborted()
      if (performance.now() > until) {
        throw new Refusal(
          `Gave up after ${LIMIT_MS / 1000} s: ${what}.`,
          '`./argos doctor` looks for the cause, `./argos logs` shows what was said.',
        )
      }
      await sleep(EVERY_MS)
    }
  }
  await wait('the edge does not answer on its socket', async () => (await edge()) !== null)
  await wait('the panel does not answer on its socket', panel)
  await wait('the edge does not serve the first configuration', async () => {
    const info = await edge()
    return info !== null && (info.base ?? '') !== '' && info.generation >= savedGeneration(databasePath)
  })
  await wait(`the panel does not answer at ${panelUrl}`, async () => {
    try {
      return (await askPanelUrl(`${panelUrl}/healthz`)).status === 200
    } catch {
      return false
    }
  })
}
