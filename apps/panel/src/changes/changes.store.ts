import type { Transaction } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { DB } from '../db/schema.ts'

export interface Change {
  /** Sentences for the list of changes, as in "Published app.example.com". */
  readonly words: readonly string[]
  /** Ids of the hosts it touches. */
  readonly hosts: readonly string[]
}

/** Records a verb that changes what the edge should serve, in its own transaction. Returns the new generation. */
export async function recordChange(
  trx: Transaction<DB>,
  actor: Actor,
  { words, hosts }: Change,
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
  return generation
}
