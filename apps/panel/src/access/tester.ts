import { type GateClause, gateOf, policiesIn } from '@argos/caddy'
import {
  type Access,
  type Clause,
  factorWords,
  type HostInput,
  type Names,
  networkWords,
  type Output,
  type PolicyTest,
  phraseOf,
  type policyTest,
  timeWords,
  whoWords,
} from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { canonicalAddress } from '../http/address.ts'
import { asksPeople, NO_SIGN_IN } from './access-words.ts'
import { policyIds } from './around.ts'
import { type Asking, best, judge, judgeClause, worst } from './judge.ts'
import { type KnownPerson, namesIn, peopleWhoSignIn } from './known-people.ts'
import { type Rule, rulingOf } from './paths.ts'
import { policyStore, type SavedPolicy } from './policy.store.ts'
import { outcomeWords, parseTested } from './tested.ts'

type Answer = Output<typeof policyTest>
/** What is asked, as the contract parses it. */
export interface Question {
  readonly url: string
  readonly personId: string | null
  readonly address: string
  readonly at?: number | undefined
  readonly factorHours: number | null
  readonly access?: Access | undefined
}
export type Tester = (question: Question) => Promise<Answer>
export interface TestedHost {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly access: Access
  readonly tls: HostInput['tls']
}
export interface TesterDeps {
  readonly db: Kysely<DB>
  readonly clock: Pick<Clock, 'now'>
  /** The host that the edge would answer this name with. */
  readonly hostAt: (name: string) => Promise<TestedHost | null>
}

/** Who can open an address, and why: the same compiled rules that the gate goes by, explained part by part. */
export function policyTester({ db, clock, hostAt }: TesterDeps): Tester {
  return async ({ url, personId, address, at = clock.now(), factorHours, access: draft }) => {
    const { name, path } = parseTested(url)
    const from = canonicalAddress(address)
    if (from === null) throw no('address', `\`${address}\` is no address. Enter one, as in 192.168.1.20.`)
    const host = await hostAt(name)
    if (host === null)
      return {
        host: null,
        verdict: 'denied',
        words: [`No host is published as ${name}.`],
        tests: [],
        people: [],
      }
    const { id, enabled } = host
    const access = draft ?? host.access
    const everybody = await peopleWhoSignIn(db)
    const person = personId === null ? null : everybody.find((one) => one.id === personId)
    if (person === undefined)
      throw no('personId', 'This person cannot sign in, or is gone. Choose another one.')
    const asking = (one: KnownPerson | null): Asking => ({
      ...{ address: from, at },
      person: one && {
        ...one,
        factorAt: factorHours === null ? null : at - factorHours * 3_600_000,
      },
    })
    const about = { host: { id, name: host.name }, people: [] }
    if (!enabled)
      return {
        ...about,
        verdict: 'denied',
        words: [`${host.name} is paused: everyone gets a 404.`],
        tests: [],
      }
    const saved = await policyStore(db).some(policyIds(access))
    const gate = gateOf(access, policiesIn(saved.map((policy) => ({ ...policy.rules, id: policy.id }))))
    if ('no' in gate)
      return { ...about, verdict: 'denied', words: [`The edge would not take this: ${gate.no}`], tests: [] }
    const { policy } = gate
    if (policy.kind === 'public')
      return {
        ...about,
        verdict: 'open',
        words: [`Everyone who reaches the edge opens ${host.name}.`],
        tests: [],
        people: everybody.map((one) => ({ id: one.id, name: one.name, verdict: 'open' as const })),
      }
    const { rules, path: read } = rulingOf(policy, path)
    const verdictFor = (one: KnownPerson | null) => worst(rules.map((rule) => judge(rule, asking(one))))
    const verdict = verdictFor(person)
    const names = await namesIn(
      db,
      saved.map((one) => one.rules),
    )
    const tests = rules.map((rule) => explained(rule, saved, names, asking(person)))
    return {
      host: about.host,
      verdict,
      words: [
        ...outcomeWords({ verdict, who: person?.name ?? null, name: host.name, path, read, rules }),
        ...(host.tls === 'none' && asksPeople(access, byId(saved)) ? [NO_SIGN_IN] : []),
      ],
      tests,
      people: everybody.map((one) => ({ id: one.id, name: one.name, verdict: verdictFor(one) })),
    }
  }
}

const byId = (saved: readonly SavedPolicy[]) => ({
  policy: (id: string) => saved.find((one) => one.id === id) ?? null,
})

function explained(rule: Rule, saved: readonly SavedPolicy[], names: Names, asking: Asking): PolicyTest {
  const policy = saved.find(({ id }) => id === rule.id)
  const clauses = rule.any.map((compiled, i) => {
    const clause = policy?.rules.any[i]
    const { verdict, parts } = partsOf(compiled, clause, names, asking)
    return { sentence: clause ? phraseOf(clause, names) : 'everyone', verdict, parts }
  })
  return {
    policy: policy ? { id: policy.id, name: policy.name } : null,
    path: rule.prefix,
    verdict: best(clauses.map((clause) => clause.verdict)),
    clauses,
  }
}

function partsOf(compiled: GateClause, clause: Clause | undefined, names: Names, asking: Asking) {
  const { verdict, who, network, time, factor } = judgeClause(compiled, asking)
  const part = (met: boolean | null, words: () => string) => (met === null ? [] : [{ met, words: words() }])
  if (clause === undefined) return { verdict, parts: [] }
  return {
    verdict,
    parts: [
      ...part(who, () => whoWords(clause, names)),
      ...part(network, () => networkWords(clause.networks)),
      ...part(time, () => clause.times.map(timeWords).join(' or ')),
      ...part(factor, () => factorWords(clause.factorHours ?? 0)),
    ],
  }
}

const no = (path: string, message: string) =>
  new AppError('invalid', message, { fields: [{ path, message }] })
