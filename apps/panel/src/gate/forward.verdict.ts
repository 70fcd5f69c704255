import { gateOf, policiesIn } from '@argos/caddy'
import type { Kysely } from 'kysely'
import { judge } from '../access/judge.ts'
import { type Rule, rulingOf } from '../access/paths.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { FactsService } from './facts.service.ts'
import type { Facts } from './facts.ts'
import type { Forwarded } from './forward.request.ts'
import { type Door, doorStore } from './host-door.store.ts'
import { policiesOf } from './may-open.ts'

export type ForwardVerdict =
  | { readonly kind: 'pass'; readonly facts: Facts | null; readonly assertion: boolean }
  | { readonly kind: 'sign_in' | 'factor'; readonly door: Door }
  | { readonly kind: 'denied' }
  | { readonly kind: 'throttled'; readonly retryAfterS: number }

export interface ForwardJudge {
  judge(request: Forwarded): Promise<ForwardVerdict>
  /** The host that the visitor is at, when people sign in there. */
  doorOf(name: string): Promise<Door | null>
}

/** Judges by the same compiled policies as the edge's gate does (apps/edge/gate/rule.go), for whoever else serves hosts. */
export function forwardJudge({
  db,
  clock,
  facts,
}: {
  db: Kysely<DB>
  clock: Clock
  facts: FactsService
}): ForwardJudge {
  const doors = doorStore(db)

  const gateFor = async ({ access }: Door) => {
    const rules = await doors.rules(policiesOf(access))
    const gate = gateOf(access, policiesIn([...rules].map(([id, any]) => ({ id, any }))))
    return 'no' in gate ? null : gate
  }
  return {
    doorOf: (name) => doors.byName(name),
    async judge({ name, path, client, credential }) {
      const door = await doors.byName(name)
      const gate = door && (await gateFor(door))
      if (door === null || gate === null) return { kind: 'denied' }
      if (gate.policy.kind === 'public') return { kind: 'pass', facts: null, assertion: false }
      const ruling = rulingOf(gate.policy, path)
      const asking = { address: client, at: clock.now() }
      const verdict = (known: Facts | null) =>
        worstOf(ruling.rules.map((rule) => verdictOf(rule, asking, known)))
      const alone = verdict(null)
      if (alone === 'open') return { kind: 'pass', facts: null, assertion: false }
      if (alone === 'denied') return { kind: 'denied' }
      if (credential === null) return { kind: 'sign_in', door }
      const { hash, kind, user } = credential
      const answer = await facts.ask({ credential: hash, kind, user, host: door.id, name, client })
      if (!('facts' in answer)) return { kind: 'throttled', retryAfterS: answer.retryAfterS }
      const known = answer.facts
      if (known === null) return { kind: 'sign_in', door }
      const found = verdict(known)
      // Whatever it is good for, it is good for no more than its paths.
      if (found !== 'denied' && !covers(known.paths, ruling.path)) return { kind: 'denied' }
      if (found === 'open') return { kind: 'pass', facts: known, assertion: gate.assertion === true }
      // An app's password cannot give a second factor.
      return found === 'factor' && known.source === 'session' ? { kind: 'factor', door } : { kind: 'denied' }
    },
  }
}

type Found = ReturnType<typeof judge>
const order: readonly Found[] = ['denied', 'sign_in', 'factor', 'open']
const worstOf = (found: readonly Found[]): Found => order.find((one) => found.includes(one)) ?? 'denied'

function verdictOf(rule: Rule, at: { address: string; at: number }, facts: Facts | null): Found {
  if (facts === null) return judge(rule, { ...at, person: null })
  const { person, groups, factor_at: factorAt } = facts
  if (person) return judge(rule, { ...at, person: { id: person.id, groups, factorAt } })
  // A guest of the host is one whom its own clauses are for, as the link says so; what names people names no guest.
  if (rule.prefix !== null) return judge(rule, { ...at, person: null }) === 'open' ? 'open' : 'denied'
  const any = rule.any.map(({ people: _, groups: __, ...clause }) => ({ ...clause, person: true as const }))
  const found = judge({ any }, { ...at, person: { id: '', groups: [], factorAt: null } })
  return found === 'open' ? 'open' : 'denied'
}

/** `path` is null when it may be read in two ways. */
function covers(paths: readonly string[] | null, path: string | null): boolean {
  if (paths === null) return true
  const bare = paths.map((one) => one.replace(/\/$/, ''))
  return path !== null && bare.some((one) => path === one || path.startsWith(`${one}/`))
}
