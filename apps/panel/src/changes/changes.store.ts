import type { Transaction } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { DB } from '../db/schema.ts'
import type { ChangedObject } from './objects.ts'

export interface Change {
  /** Sentences for the list of changes, as in "Published app.example.com". */
  readonly words: readonly string[]
  /** Ids of the hosts it touches. */
  readonly hosts: readonly string[]
  readonly objects?: readonly ChangedObject[]
}

/** Records a verb that changes what the edge should serve, in its own transaction. Returns the new generation. */
export async function recordChange(
  trx: Transaction<DB>,
  actor: Actor,
  { words, hosts, objects = [] }: Change,
  at = Date.now(),
): Promise<number> {
  const { generation } = await trx
    .insertInto('change')
    .values({
      at,
      actor_kind: actor.kind,
      actor_name: actor.name,
      words: JSON.stringify(words),
      hosts: JSON.stringify(hosts),
    })
    .returning('generation')
    .executeTakeFirstOrThrow()
  const rows = objects.map(({ before, after, ...object }) => ({
    ...{ generation, ...object },
    before: before && canonical(before),
    after: after && canonical(after),
  }))
  // SQLite takes 32,766 values a statement.
  for (let i = 0; i < rows.length; i += 1_000)
    await trx
      .insertInto('change_object')
      .values(rows.slice(i, i + 1_000))
      .execute()
  return generation
}

/** The same text for the same settings, whatever the order of keys in a body: SQL compares them. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
