import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import type { Assertions } from './assertions.ts'
import type { FactsService } from './facts.service.ts'
import { doorStore } from './host-door.store.ts'
import type { Outside } from './places.ts'

/** The same facts, with a signed word for the app where the host asks for one: signed anew each time, as it ages fast. */
export function assertedFacts({
  db,
  facts,
  assertions,
  outside,
}: {
  db: Kysely<DB>
  facts: FactsService
  assertions: Assertions
  outside: Outside
}): FactsService {
  const doors = doorStore(db)
  return {
    async ask(question) {
      const answer = await facts.ask(question)
      if (!('facts' in answer) || answer.facts?.person == null) return answer
      const door = await doors.asserting(question.host)
      if (door === null) return answer
      const issuer = outside.panelOrigin(await doors.panelDomain()) ?? 'argos'
      const jwt = await assertions.of(answer.facts, door.names, issuer)
      return jwt === null ? answer : { facts: { ...answer.facts, jwt } }
    },
  }
}
