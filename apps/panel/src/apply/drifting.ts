import { saysTheSame } from '@argos/caddy'
import type { EdgeClient, EdgeInfo } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { appliedStore } from './applied.store.ts'
import { driftStore, tellOfDrift } from './drift.store.ts'
import { appliedHashes, BASE, type DriftRow, driftIn, driftKey, stillHeld } from './drift.ts'
import { keyOf, type Memory } from './memory.ts'
import type { Held, Target } from './plan.ts'
import type { Read } from './read.ts'
import { nameIn, theirsAt, theirsOf } from './theirs.ts'

/** Somebody else's changes of the edge, as one pass sees them. `target` is always all that the panel wants. */
export interface Drifting {
  /** What stays as it is at the edge. */
  held(target: Target): Held
  /** Compares, and writes down what is new before anything is sent, as our next change is the last one then. */
  look(edge: EdgeInfo, target: Target): Promise<boolean>
  /** The edge holds what it should: what was saved anew is no drift any more. */
  done(target: Target): Promise<void>
}

export interface DriftingDeps {
  readonly db: Kysely<DB>
  readonly edge: Pick<EdgeClient, 'config'>
  readonly clock: Clock
  readonly memory: Memory
}

/** `forNow`: for a change that may go back yet, so what it is about may be drift again. */
export function drifting(
  { db, edge, clock, memory }: DriftingDeps,
  read: Pick<Read, 'applied' | 'appliedUpTo' | 'troubles' | 'drift'>,
  forNow = false,
): Drifting {
  const applied = appliedHashes(read.applied)
  const troubled = new Set(read.troubles.map((t) => keyOf(t.kind, t.id)))
  let rows = new Map(read.drift.map((row) => [driftKey(row), row]))
  const noted = () => {
    memory.drift = new Map([...rows].map(([key, { hash }]) => [key, hash]))
  }
  noted()
  const held = (target: Target) => stillHeld(rows.values(), target, applied)

  const write = async (next: ReadonlyMap<string, DriftRow>, fresh: readonly DriftRow[], names: Names) => {
    const gone = [...rows.values()].filter((row) => !next.has(driftKey(row)))
    await db.transaction().execute(async (trx) => {
      const store = driftStore(trx)
      await store.remove(gone)
      await store.put([...next.values()])
      await tellOfDrift(trx, fresh, names, clock.now())
    })
    rows = new Map(next)
    noted()
  }

  return {
    held,
    async look(info, target) {
      const known = { applied, generation: read.appliedUpTo, troubled, mine: memory.origin }
      const before = held(target)
      const found = new Map(driftIn(info, target, known, before))
      const fresh: DriftRow[] = []
      const names: Names = new Map()
      if ([...found.keys()].some((key) => !rows.has(key))) {
        const theirs = await theirsAt(edge)
        for (const [key, hash] of found) {
          if (rows.has(key)) continue
          const { kind, id } = partsOf(key)
          const [ours, other] = [oursIn(target, kind, id), theirsOf(theirs, kind, id)]
          // Typed anew with other spaces: nothing was changed.
          if (hash !== null && saysTheSame(ours, other)) found.delete(key)
          else fresh.push({ kind, id, hash, since: clock.now() })
          names.set(key, nameIn(kind, id, ours, other))
        }
      }
      const news = new Map(fresh.map((row) => [driftKey(row), row]))
      const next = new Map<string, DriftRow>()
      if (forNow) for (const [key, row] of rows) if (!before.has(key)) next.set(key, row)
      for (const [key, hash] of found) {
        const row = rows.get(key) ?? news.get(key)
        if (row) next.set(key, { ...row, hash })
      }
      const same =
        next.size === rows.size && [...next].every(([key, { hash }]) => rows.get(key)?.hash === hash)
      if (same) return false
      if (applied.size === 0 && next.has(BASE)) await startWith(target)
      await write(next, fresh, names)
      return true
    },
    async done(target) {
      const counts = held(target)
      if (forNow || counts.size === rows.size) return
      await write(new Map([...rows].filter(([key]) => counts.has(key))), [], new Map())
    },
  }

  /** The first sight of an edge that another panel has set up: from here on a change of our base is the operator's. */
  async function startWith(target: Target): Promise<void> {
    const hash = target.hashes.base
    const row = { kind: 'base' as const, id: 'base', hash, json: JSON.stringify(target.base) }
    await appliedStore(db).put([row], clock.now())
    applied.set(BASE, hash)
  }
}

type Names = Map<string, string>

const oursIn = (target: Target, kind: DriftRow['kind'], id: string): unknown => {
  if (kind === 'base') return target.base
  const all: Readonly<Record<string, unknown>> = kind === 'host' ? target.hosts : target.pools
  return Object.hasOwn(all, id) ? all[id] : null
}

function partsOf(key: string): Pick<DriftRow, 'kind' | 'id'> {
  const at = key.indexOf(':')
  return { kind: key.slice(0, at) as DriftRow['kind'], id: key.slice(at + 1) }
}
