import { type EdgeClient, isEdgeError } from '@argos/caddy-admin'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { appliedStore } from './applied.store.ts'
import { driftStore } from './drift.store.ts'
import { type DriftRow, driftKey, hashesAt } from './drift.ts'
import { nameIn, theirsAt, theirsOf } from './theirs.ts'

type Key = Pick<DriftRow, 'kind' | 'id'>

/** Something that somebody else changed at the edge: what the panel had there, and what is there instead. */
export interface Drifted {
  readonly row: DriftRow
  readonly name: string
  /** Caddy JSON; null where there was or is none. */
  readonly ours: unknown
  readonly theirs: unknown
}
/** What the edge has at one moment. */
export interface Snapshot {
  of(key: Key): unknown
  hash(key: Key): string | null
}
/** Drift that is held until somebody decides about it. */
export interface HeldDrift {
  rows(db: Kysely<DB>): Promise<readonly DriftRow[]>
  /** All of it; null for what is there when the edge does not answer. */
  view(): Promise<{ readonly away: boolean; readonly objects: readonly Drifted[] }>
  look(): Promise<Snapshot>
  /** As of now, in the transaction that decides: a pass may have found that some of it is gone. */
  chosen(trx: Transaction<DB>, keys: readonly Key[] | undefined): Promise<readonly DriftRow[]>
  /** From here on what is there counts as known, so what the panel wants is a difference like any other. */
  settle(trx: Transaction<DB>, rows: readonly DriftRow[], snapshot: Snapshot): Promise<readonly Drifted[]>
}
export interface HeldDriftDeps {
  readonly db: Kysely<DB>
  readonly edge: Pick<EdgeClient, 'config' | 'info' | 'summary'>
  readonly clock: Clock
}

export const AWAY = 'The edge does not answer, so what it has cannot be looked at.'
/** Enough to catch it between two changes. */
const LOOKS = 3

export function heldDrift({ db, edge, clock }: HeldDriftDeps): HeldDrift {
  const drifted = async (
    trx: Kysely<DB>,
    rows: readonly DriftRow[],
    theirs: (key: Key) => unknown,
  ): Promise<Drifted[]> => {
    const known = new Map<string, unknown>()
    for (const [kind, those] of Map.groupBy(rows, (row) => row.kind)) {
      const applied = await appliedStore(trx).some(
        kind,
        those.map(({ id }) => id),
      )
      for (const row of applied) known.set(driftKey(row), JSON.parse(row.json))
    }
    return rows.map((row) => {
      const [ours, other] = [known.get(driftKey(row)) ?? null, theirs(row)]
      return { row, ours, theirs: other, name: nameIn(row.kind, row.id, ours, other) }
    })
  }

  return {
    rows: (trx) => driftStore(trx).all(),

    async view() {
      const rows = await driftStore(db).all()
      if (rows.length === 0) return { away: false, objects: [] }
      const theirs = await theirsAt(edge).catch((err: unknown) => {
        if (isEdgeError(err)) return null
        throw err
      })
      const objects = await drifted(db, rows, ({ kind, id }) => theirs && theirsOf(theirs, kind, id))
      return { away: theirs === null, objects }
    },

    async look() {
      try {
        for (let i = 0; i < LOOKS; i++) {
          const info = await edge.info()
          const theirs = await theirsAt(edge)
          if ((await edge.summary()).etag !== info.etag) continue
          const hashes = hashesAt(info)
          return {
            of: ({ kind, id }) => theirsOf(theirs, kind, id),
            hash: (key) => hashes.get(driftKey(key)) ?? null,
          }
        }
      } catch (err) {
        if (!isEdgeError(err)) throw err
        throw new AppError('busy', `${AWAY} ${err.message}`, { cause: err, retryAfterS: 5 })
      }
      throw new AppError('busy', 'The edge is being changed all the time. Try again in a moment.')
    },

    async chosen(trx, keys) {
      const rows = await driftStore(trx).all()
      if (rows.length === 0 || keys?.length === 0)
        throw new AppError('not_found', 'Nobody else changed anything at the edge.')
      if (keys === undefined) return rows
      const byKey = new Map(rows.map((row) => [driftKey(row), row]))
      return [...new Set(keys.map(driftKey))].map((key) => {
        const row = byKey.get(key)
        if (row) return row
        throw new AppError('not_found', `The edge holds ${key.replace(':', ' ')} as the panel left it.`)
      })
    },

    async settle(trx, rows, snapshot) {
      const settled = await drifted(trx, rows, snapshot.of)
      const there = settled.flatMap(({ row: { kind, id }, theirs }) => {
        const hash = snapshot.hash({ kind, id })
        return hash === null ? [] : [{ kind, id, hash, json: JSON.stringify(theirs) }]
      })
      await appliedStore(trx).put(there, clock.now())
      for (const { kind, id } of rows)
        if (snapshot.hash({ kind, id }) === null) await appliedStore(trx).remove(kind, [id])
      await driftStore(trx).remove(rows)
      return settled
    },
  }
}
