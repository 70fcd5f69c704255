import type { HostInput, PoolInput } from '@argos/contract'
import type { Recorded } from '../audit/audit.service.ts'
import type { Draft } from '../changes/commit.ts'
import type { ChangedObject } from '../changes/objects.ts'
import { type SavedPool, settingsOf } from '../pools/pool-settings.ts'
import type { SavedHost } from './host.store.ts'
import { subjectOf } from './host-deps.ts'
import { inputOf } from './host-view.ts'
import { changeWords } from './words.ts'

export interface Edit {
  readonly before: SavedHost
  readonly after: HostInput
}

export const updated = (edit: Edit, words: string): Draft => ({
  words: [words],
  objects: [hostObject(edit)],
  audit: [entryOf(edit, words)],
})

export const deleted = (
  hosts: readonly SavedHost[],
  pools: readonly SavedPool[],
  words: string,
  each: readonly string[],
): Draft => {
  const poolOf = new Map(pools.map((pool) => [pool.id, settingsOf(pool)]))
  return {
    words: [words],
    objects: [
      ...hosts.map((host): ChangedObject => {
        const { id, domains } = host
        return { kind: 'host', id, name: domains[0] ?? id, before: inputOf(host), after: null }
      }),
      ...pools.map((pool) => poolObject(pool.id, settingsOf(pool), null)),
    ],
    audit: hosts.map((host, i) => ({
      action: 'host.delete',
      subject: subjectOf(host.id, host.domains),
      words: each[i] ?? words,
      before: { ...inputOf(host), pool: poolOf.get(host.poolId) ?? null },
    })),
  }
}

export const poolObject = (id: string, before: PoolInput | null, after: PoolInput | null): ChangedObject => ({
  ...{ kind: 'pool', id, name: (after ?? before)?.name ?? id },
  ...{ before, after },
})

export const hostObject = ({ before, after }: Edit): ChangedObject => ({
  ...{ kind: 'host', id: before.id, name: after.domains[0] ?? before.id },
  ...{ before: inputOf(before), after },
})

export function entryOf({ before, after }: Edit, said?: string): Recorded {
  const [was, subject] = [inputOf(before), subjectOf(before.id, after.domains)]
  const words = said ?? changeWords(was, after) ?? `Changed ${subject.name}`
  return { action: 'host.update', subject, words, before: was, after }
}
