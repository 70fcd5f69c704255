import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Assertions } from './assertions.ts'
import type { FactsService, Question } from './facts.service.ts'
import { type Door, doorStore } from './host-door.store.ts'
import type { Outside } from './places.ts'

/** Whether a host asks for it is looked up this often, so that an answer from memory stays one. */
const KNOWN_MS = 5_000
const MOST = 1_000

export interface AssertedDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly facts: FactsService
  readonly assertions: Assertions
  readonly outside: Outside
}

/** The same facts, with a signed word for the app where the host asks for one: signed anew each time, as it ages fast. */
export function assertedFacts({ db, clock, facts, assertions, outside }: AssertedDeps): FactsService {
  const doors = doorStore(db)
  const known = new Map<string, { readonly door: Door | null; readonly until: number }>()

  const asserting = async (host: string): Promise<Door | null> => {
    const found = known.get(host)
    if (found && found.until > clock.now()) return found.door
    const door = await doors.asserting(host)
    if (known.size >= MOST) known.clear()
    known.set(host, { door, until: clock.now() + KNOWN_MS })
    return door
  }
  return {
    async ask(question) {
      const answer = await facts.ask(question)
      if (!('facts' in answer) || answer.facts?.person == null) return answer
      const door = await asserting(question.host)
      if (door === null) return answer
      const issuer = outside.panelOrigin(await doors.panelDomain()) ?? 'argos'
      const jwt = await assertions.of(answer.facts, audienceOf(door, question), issuer)
      return jwt === null ? answer : { facts: { ...answer.facts, jwt } }
    },
  }
}

/** A cookie is one name's alone; the password of an app may be used at all of them. */
function audienceOf({ names }: Door, { kind, name }: Question): readonly string[] {
  if (name !== undefined && kind === 'cookie') return [name]
  return [...new Set([...(name === undefined ? [] : [name]), ...names.filter((one) => !one.startsWith('*'))])]
}
