import type { Transaction } from 'kysely'
import { driftKey } from '../apply/drift.ts'
import type { Drifted } from '../apply/drift-held.ts'
import { driftedThings } from '../apply/drift-words.ts'
import type { Draft } from '../changes/commit.ts'
import type { ChangedObject } from '../changes/objects.ts'
import { restoreObjects } from '../changes/restore.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { inputOf } from '../hosts/host-view.ts'
import { settingsOf } from '../pools/pool-settings.ts'
import { listed } from '../words.ts'
import { adoptions, type SavedNow } from './drift.objects.ts'

/** Nothing that is saved changes; the next pass finds that the edge differs from it. */
export function reappliedDraft(settled: readonly Drifted[], saved: SavedNow): Draft {
  const objects = settled.map(({ row: { kind, id }, name }): ChangedObject => {
    if (kind === 'base')
      return { kind: 'settings', id: '1', name: 'Settings', before: saved.settings, after: saved.settings }
    const host = kind === 'host' ? saved.hosts.get(id) : undefined
    const pool = kind === 'pool' ? saved.pools.get(id) : undefined
    const is = host ? inputOf(host) : pool ? settingsOf(pool) : null
    return { kind, id, name, before: is, after: is }
  })
  return {
    words: [`Put back ${called(settled)} over what was changed at the edge by hand`],
    objects,
    hosts: hostsOf(settled),
    audit: settled.map(({ row, name, ours, theirs }) => ({
      action: 'drift.reapply',
      subject: { kind: row.kind, id: row.id, name },
      words: `Put back ${name} over what was changed at the edge by hand`,
      before: theirs,
      after: ours,
    })),
  }
}

/** Written under the ids they have at the edge, where the compiler then finds nothing to change. */
export async function adoptedDraft(
  trx: Transaction<DB>,
  settled: readonly Drifted[],
  saved: SavedNow,
  now: number,
): Promise<Draft> {
  const { changed, cannot } = adoptions(settled, saved)
  for (const { row, name } of settled) {
    const no = cannot.get(driftKey(row))
    if (no !== undefined) throw new AppError('conflict', `${name} cannot be adopted: ${no}`)
  }
  await restoreObjects(
    trx,
    changed.map(({ kind, id, after }) => ({ kind, id, target: after })),
    now,
  )
  return {
    words: [`Adopted ${called(settled)} from the edge`],
    objects: changed,
    hosts: hostsOf(settled),
    audit: changed.map(({ kind, id, name, before, after }) => ({
      action: 'drift.adopt',
      subject: { kind, id, name },
      words: `Adopted ${name} from the edge`,
      before,
      after,
    })),
  }
}

const FEW = 3

function called(settled: readonly Drifted[]): string {
  if (settled.length <= FEW) return listed(settled.map(({ name }) => name))
  return driftedThings(settled.map(({ row }) => row))
}

const hostsOf = (settled: readonly Drifted[]): string[] =>
  settled.flatMap(({ row }) => (row.kind === 'host' ? [row.id] : []))
