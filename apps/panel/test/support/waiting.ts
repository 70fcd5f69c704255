import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type EndedChange, hostList, type PendingChange, pendingView } from '@argos/contract'
import { eventually, type Stack } from '@argos/testkit'
import { control } from './edge.ts'

/** Seconds: as long as pages offer, so that a slow machine is in time; and the least that is possible. */
export const WITHIN_S = 60
export const timed = { confirmS: WITHIN_S } as const
export const soon = { confirmS: 10 } as const

/** Resolves when the change that waits has come to a state. */
export const until = (stack: Stack, state: PendingChange['state']): Promise<PendingChange> =>
  eventually(
    `the change is ${state}`,
    async () => {
      const { pending, last } = await stack.api.call(pendingView, {})
      if (pending?.state === state) return pending
      throw new Error(JSON.stringify({ pending, last }))
    },
    { timeoutMs: 20_000 },
  )

/** Resolves when this change does not wait any more, with how it ended. */
export const over = (stack: Stack, id: string): Promise<EndedChange> =>
  eventually(
    'the change has ended',
    async () => {
      const { pending, last } = await stack.api.call(pendingView, {})
      if (pending === null && last?.id === id) return last
      throw new Error(JSON.stringify({ pending, last }))
    },
    { timeoutMs: 40_000 },
  )

/** The state of the change that waits as it stands on the disk, whoever runs. */
export function writtenState(stack: Pick<Stack, 'dataDir'>): string | null {
  const database = new DatabaseSync(join(stack.dataDir, 'argos.db'), { readOnly: true })
  try {
    const row = database.prepare('select state from pending').get()
    return row ? String(row.state) : null
  } finally {
    database.close()
  }
}

/** What of each host must not change when something else does: its version here, its bytes and generation at the edge. */
export async function untouched(stack: Stack, but: readonly string[]): Promise<Record<string, unknown>> {
  const { hosts } = await stack.api.call(hostList, {})
  const info = JSON.parse((await control(stack.edgeSocket, '/argos/info')).body) as {
    hosts: Record<string, { hash: string; generation: number }>
  }
  return Object.fromEntries(
    hosts
      .filter(({ id }) => !but.includes(id))
      .map(({ id, version, updatedAt }) => [id, { version, updatedAt, edge: info.hosts[id] }]),
  )
}
