import { type EdgeClient, isEdgeError } from '@argos/caddy-admin'
import type { DriftObject, Saved } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import { type AppliedRow, appliedStore } from '../apply/applied.store.ts'
import { driftStore } from '../apply/drift.store.ts'
import { type DriftRow, driftKey } from '../apply/drift.ts'
import { nameIn, type Theirs, theirsAt, theirsOf } from '../apply/theirs.ts'
import type { Actor } from '../audit/actor.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolCheck } from '../pools/pool-check.ts'
import type { Commit } from './commit.ts'
import { adoptions, savedNow } from './drift.objects.ts'
import { adoptedDraft, reappliedDraft, type Settled } from './drift.writes.ts'

type Chosen = readonly Pick<DriftObject, 'kind' | 'id'>[]

/** What somebody else changed at the edge, and the operator's word about it. */
export interface Drift {
  view(): Promise<{ since: number | null; objects: DriftObject[] }>
  /** The panel's version goes back over it; without a choice over all of it. */
  reapply(actor: Actor, chosen?: Chosen): Promise<{ saved: Saved }>
  /** It is saved as the panel's own, as any other change; only if all that is chosen can be said in its terms. */
  adopt(actor: Actor, chosen?: Chosen): Promise<{ words: string[]; saved: Saved }>
}
export interface DriftDeps {
  readonly db: Kysely<DB>
  readonly edge: Pick<EdgeClient, 'config' | 'info' | 'summary'>
  readonly clock: Clock
  readonly commit: Commit
  readonly check: PoolCheck
}

const AWAY = 'The edge does not answer, so what it has cannot be looked at.'
const LOOKS = 3

export function driftService({ db, edge, clock, commit, check }: DriftDeps): Drift {
  const applied = async (trx: Kysely<DB>, rows: readonly DriftRow[]): Promise<Map<string, AppliedRow>> => {
    const wanted = new Set(rows.map(driftKey))
    const all = await appliedStore(trx).all()
    return new Map(all.map((row) => [driftKey(row), row] as const).filter(([key]) => wanted.has(key)))
  }

  /** The edge's own, with the hashes of that very moment. */
  const look = async (): Promise<{ theirs: Theirs; hashes: Map<string, string> }> => {
    try {
      for (let i = 0; i < LOOKS; i++) {
        const info = await edge.info()
        const theirs = await theirsAt(edge)
        if ((await edge.summary()).etag !== info.etag) continue
        const hashes = new Map<string, string>(info.base === null ? [] : [['base:base', info.base]])
        for (const [id, { hash }] of Object.entries(info.hosts)) hashes.set(`host:${id}`, hash)
        for (const [id, { hash }] of Object.entries(info.pools)) hashes.set(`pool:${id}`, hash)
        return { theirs, hashes }
      }
    } catch (err) {
      if (!isEdgeError(err)) throw err
      throw new AppError('busy', `${AWAY} ${err.message}`, { cause: err, retryAfterS: 5 })
    }
    throw new AppError('busy', 'The edge is being changed all the time. Try again in a moment.')
  }

  /** As of now, in the transaction that decides: a pass may have found that some of it is gone. */
  const decide = async (trx: Transaction<DB>, chosen: Chosen | undefined): Promise<DriftRow[]> => {
    const rows = await driftStore(trx).all()
    if (rows.length === 0 || chosen?.length === 0)
      throw new AppError('not_found', 'Nobody else changed anything at the edge.')
    if (chosen === undefined) return rows
    const byKey = new Map(rows.map((row) => [driftKey(row), row]))
    return [...new Set(chosen.map(driftKey))].map((key) => {
      const row = byKey.get(key)
      if (row) return row
      throw new AppError('not_found', `The edge holds ${key.replace(':', ' ')} as the panel left it.`)
    })
  }

  const settledOf = async (
    trx: Transaction<DB>,
    rows: readonly DriftRow[],
    { theirs, hashes }: Awaited<ReturnType<typeof look>>,
  ): Promise<Settled[]> => {
    const known = await applied(trx, rows)
    const settled = rows.map((row) => {
      const json = known.get(driftKey(row))?.json
      const ours: unknown = json === undefined ? null : JSON.parse(json)
      const other = theirsOf(theirs, row.kind, row.id)
      const hash = hashes.get(driftKey(row)) ?? null
      return { row, ours, theirs: other, hash, name: nameIn(row.kind, row.id, ours, other) }
    })
    // From here on that is what is known to be served, so what the panel wants is a difference like any other.
    const there = settled.flatMap(({ row: { kind, id }, hash, theirs: value }) =>
      hash === null ? [] : [{ kind, id, hash, json: JSON.stringify(value) }],
    )
    await appliedStore(trx).put(there, clock.now())
    for (const { row, hash } of settled) if (hash === null) await appliedStore(trx).remove(row.kind, [row.id])
    await driftStore(trx).remove(rows)
    return settled
  }

  return {
    async view() {
      const rows = await driftStore(db).all()
      if (rows.length === 0) return { since: null, objects: [] }
      const known = await applied(db, rows)
      const theirs = await theirsAt(edge).catch((err: unknown) => {
        if (isEdgeError(err)) return null
        throw err
      })
      const asked = rows.map((row) => ({
        row,
        theirs: theirs && theirsOf(theirs, row.kind, row.id),
      }))
      const cannot = theirs === null ? null : adoptions(asked, await savedNow(db)).cannot
      return {
        since: Math.min(...rows.map((row) => row.since)),
        objects: asked.map(({ row, theirs: other }): DriftObject => {
          const json = known.get(driftKey(row))?.json
          const ours: unknown = json === undefined ? null : JSON.parse(json)
          const { kind, id, hash } = row
          return {
            ...{ kind, id, name: nameIn(kind, id, ours, other), ours, theirs: other },
            how: hash === null ? 'removed' : json === undefined ? 'added' : 'edited',
            noAdopt: cannot === null ? AWAY : (cannot.get(driftKey(row)) ?? null),
          }
        }),
      }
    },

    async reapply(actor, chosen) {
      const seen = await look()
      const write = async (trx: Transaction<DB>) => {
        const settled = await settledOf(trx, await decide(trx, chosen), seen)
        return reappliedDraft(settled, await savedNow(trx))
      }
      return { saved: await commit(actor, write, { urgent: true }) }
    },

    async adopt(actor, chosen) {
      const seen = await look()
      // Where targets lead takes name lookups, which no transaction should wait for.
      const asked = (chosen ?? (await driftStore(db).all())).map(({ kind, id }) => ({
        row: { kind, id },
        theirs: theirsOf(seen.theirs, kind, id),
      }))
      for (const pool of adoptions(asked, await savedNow(db)).pools) await check(pool, '')
      let words: string[] = []
      const write = async (trx: Transaction<DB>) => {
        // What was found since was not checked.
        const looked = asked.map(({ row }) => row)
        const rows = await decide(trx, looked)
        const again = rows.find((row) => (seen.hashes.get(driftKey(row)) ?? null) !== row.hash)
        if (again)
          throw new AppError(
            'stale',
            `The edge was changed once more: ${again.kind} ${again.id}. Look again.`,
          )
        const saved = await savedNow(trx)
        const draft = await adoptedDraft(trx, await settledOf(trx, rows, seen), saved, clock.now())
        words = [...draft.words]
        return draft
      }
      const saved = await commit(actor, write)
      return { words, saved }
    },
  }
}
