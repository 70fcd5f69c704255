import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Call,
  type EndedChange,
  type PendingChange,
  type PromiseCheck,
  pendingView,
} from '@argos/contract'
import { moment, plain } from './table.ts'

const LOOK_MS = 200
const PATIENCE_MS = 90_000

export type Tested = { readonly waits: PendingChange } | { readonly ended: EndedChange | null }

/** Waits until the promises of a change were tested, or it has ended. */
export async function untilTested(call: Call, id: string, patienceMs = PATIENCE_MS): Promise<Tested> {
  for (const until = performance.now() + patienceMs; ; ) {
    const { pending, last } = await call(pendingView, {})
    if (pending?.id !== id) return { ended: last?.id === id ? last : null }
    if (pending.state === 'waiting' || performance.now() > until) return { waits: pending }
    await sleep(LOOK_MS)
  }
}

const marks: Readonly<Record<PromiseCheck['state'], string>> = {
  waiting: '…',
  testing: '…',
  kept: 'ok',
  broken: 'NO',
  unknown: '?',
}

/** One line for each promise, and what happens next. */
export const pendingLines = (pending: PendingChange): string[] => [
  ...pending.promises.map(({ words, state, detail }) =>
    plain(`  ${marks[state].padEnd(2)}  ${words}${detail === null ? '' : `: ${detail}`}`),
  ),
  pending.deadline === null
    ? 'It is on its way to the edge.'
    : `Back by itself at ${moment(pending.deadline)} unless kept: ./argos revisions keep`,
]
