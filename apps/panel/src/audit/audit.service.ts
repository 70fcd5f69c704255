import { setImmediate as breathe } from 'node:timers/promises'
import type { AuditEntry } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Actor } from './actor.ts'
import { auditStore, type Search } from './audit.store.ts'
import { type AuditRow, genesis, sealOf } from './chain.ts'

export interface Recorded {
  /** Noun and verb, as in `host.create`. */
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string | null; readonly name: string }
  /** The sentence, as a person would say it; it starts with a verb: "Published app.example.com". */
  readonly words: string
  readonly before?: unknown
  readonly after?: unknown
  /** Where from, when the actor does not say it. */
  readonly address?: string
}

export interface Verified {
  readonly ok: boolean
  readonly checked: number
  /** The first row that is not what was written, or is missing. */
  readonly brokenAt: number | null
}

export interface Audit {
  /** Writes the row in the caller's transaction: there is no change without it. */
  record(trx: Transaction<DB>, actor: Actor, entry: Recorded): Promise<void>
  /** The same for a verb that changes many things, at the cost of few statements. */
  recordAll(trx: Transaction<DB>, actor: Actor, entries: readonly Recorded[]): Promise<void>
  list(search: Search): Promise<{ entries: AuditEntry[]; more: boolean }>
  verify(): Promise<Verified>
}

const CHECKED_AT_ONCE = 500
const SEARCHED_AT_ONCE = 10_000

export function auditService({ db, clock }: { db: Kysely<DB>; clock: Clock }): Audit {
  const recordAll: Audit['recordAll'] = (trx, actor, entries) => {
    const at = clock.now()
    const rows = entries.map(({ action, subject, words, before, after, address }) => ({
      at,
      actor_kind: actor.kind,
      actor_id: actor.kind === 'user' ? actor.id : null,
      actor_name: actor.name,
      action,
      subject_kind: subject.kind,
      subject_id: subject.id,
      subject_name: subject.name,
      words,
      address: address ?? (actor.kind === 'user' ? actor.address : null),
      before: textOf(before),
      after: textOf(after),
    }))
    return auditStore(trx).append(rows)
  }
  return {
    record: (trx, actor, entry) => recordAll(trx, actor, [entry]),
    recordAll,

    async list(search) {
      const wanted = search.limit + 1
      const store = auditStore(db)
      const rows: AuditRow[] = []
      // Words have no index: a trail of years is looked through in pieces, between which others are served.
      let before = search.before ?? (await store.lastId()) + 1
      while (before > 1 && rows.length < wanted) {
        const from = search.q === undefined ? 1 : Math.max(1, before - SEARCHED_AT_ONCE)
        rows.push(...(await store.search({ ...search, before, limit: wanted - rows.length }, from)))
        before = from
        if (before > 1) await breathe()
      }
      return { entries: rows.slice(0, search.limit).map(entryOf), more: rows.length > search.limit }
    },

    async verify() {
      const store = auditStore(db)
      const head = await store.head()
      let last = { id: 0, hash: genesis }
      for (;;) {
        const rows = await store.after(last.id, CHECKED_AT_ONCE)
        for (const row of rows) {
          const follows = row.id === last.id + 1 && row.prev_hash === last.hash && row.hash === sealOf(row)
          if (!follows) return { ok: false, checked: last.id, brokenAt: last.id + 1 }
          last = row
        }
        if (rows.length < CHECKED_AT_ONCE) break
        await breathe()
      }
      // Rows added meanwhile are newer than the head that was read, which is fine; fewer are not.
      const whole = last.id > head.id || (last.id === head.id && last.hash === head.hash)
      return { ok: whole, checked: last.id, brokenAt: whole ? null : last.id + 1 }
    },
  }
}

const textOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value)
const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

const entryOf = (row: AuditRow): AuditEntry => ({
  id: row.id,
  at: row.at,
  actor: { kind: row.actor_kind as AuditEntry['actor']['kind'], name: row.actor_name },
  action: row.action,
  words: row.words,
  subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
  address: row.address,
  before: parsed(row.before),
  after: parsed(row.after),
  hash: row.hash,
})
