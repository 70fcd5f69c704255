import { isDeepStrictEqual } from 'node:util'
import type { FieldError, PolicyInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Write } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { things } from '../words.ts'
import { namesIn } from './known-people.ts'
import { policyStore, type SavedPolicy } from './policy.store.ts'

/** Each may stand in each host's configuration, and is read with it. */
const MOST_POLICIES = 500

/** What can be done with policies, as writes: they are committed, or tried to see what they would do. `at`: where in a body the policy stands. */
export function policyWrites({ clock }: { clock: Clock }) {
  const insert =
    (id: string, input: PolicyInput, at = ''): Write =>
    async (trx) => {
      if ((await policyStore(trx).count()) >= MOST_POLICIES)
        throw new AppError('conflict', `Argos keeps at most ${MOST_POLICIES} policies. Delete some first.`)
      await refuseImpossible(trx, id, input, at)
      await policyStore(trx).insert(id, input, clock.now())
      const words = `Added the policy ${input.name}`
      return {
        words: [words],
        objects: [{ kind: 'policy', id, name: input.name, before: null, after: input }],
        audit: [{ action: 'policy.create', subject: subjectOf(id, input), words, after: input }],
      }
    }

  /** Over this version, or over whichever there is. */
  const update =
    (id: string, version: number | null, input: PolicyInput, at = ''): Write =>
    async (trx) => {
      const saved = await foundPolicy(trx, id)
      if (version !== null && saved.version !== version) throw stale(saved.name)
      const before = inputOf(saved)
      if (isDeepStrictEqual(before, input)) return null
      await refuseImpossible(trx, id, input, at)
      if (!(await policyStore(trx).update(id, saved.version, input, clock.now()))) throw stale(saved.name)
      const users = await policyStore(trx).users(id)
      const words = changeWords(before, input)
      return {
        words: [words],
        objects: [{ kind: 'policy', id, name: input.name, before, after: input }],
        hosts: users.map((user) => user.id),
        audit: [{ action: 'policy.update', subject: subjectOf(id, input), words, before, after: input }],
      }
    }

  const remove =
    (id: string): Write =>
    async (trx) => {
      const policy = await foundPolicy(trx, id)
      const users = await policyStore(trx).users(id)
      if (users.length > 0) throw new AppError('conflict', inUse(policy.name, users))
      await policyStore(trx).remove(id)
      const words = `Deleted the policy ${policy.name}`
      const before = inputOf(policy)
      return {
        words: [words],
        objects: [{ kind: 'policy', id, name: policy.name, before, after: null }],
        audit: [{ action: 'policy.delete', subject: subjectOf(id, policy), words, before }],
      }
    }

  return { insert, update, remove }
}

/** What needs the database: a name of its own, and people and groups that are there. */
async function refuseImpossible(db: Kysely<DB>, id: string, input: PolicyInput, at: string): Promise<void> {
  const fields: FieldError[] = []
  const other = await policyStore(db).named(input.name)
  if (other && other.id !== id)
    fields.push({
      path: `${at}name`,
      message: `There is a policy ${input.name} already. Choose another name.`,
    })
  const names = await namesIn(db, [input.rules])
  for (const [i, clause] of input.rules.any.entries())
    for (const kind of ['people', 'groups'] as const)
      for (const [j, one] of clause[kind].entries())
        if (names[kind][one] === undefined)
          fields.push({
            path: `${at}rules.any.${i}.${kind}.${j}`,
            message: `There is no such ${kind === 'people' ? 'person' : 'group'} any more. Take it out.`,
          })
  const [first] = fields
  if (first)
    throw new AppError(fields[0]?.path === `${at}name` ? 'conflict' : 'invalid', first.message, { fields })
}

export async function foundPolicy(db: Kysely<DB>, id: string): Promise<SavedPolicy> {
  const policy = await policyStore(db).get(id)
  if (!policy) throw new AppError('not_found', 'There is no such policy. It may have been deleted.')
  return policy
}

export const inputOf = ({ name, rules }: PolicyInput): PolicyInput => ({ name, rules })

const NAMED = 5

/** Who stands in the way of its end. */
export function inUse(name: string, users: readonly { readonly name: string }[]): string {
  const names = [...new Set(users.map((user) => user.name))]
  const shown = names.slice(0, NAMED).join(', ')
  const more = names.length > NAMED ? ` and ${things(names.length - NAMED, 'more host')}` : ''
  return `${name} is used by ${shown}${more}. Give ${names.length > 1 ? 'them' : 'it'} another policy first.`
}

export const stale = (name: string) =>
  new AppError('stale', `${name} was changed meanwhile. Load it again and repeat your edit.`)

const subjectOf = (id: string, { name }: PolicyInput) => ({ kind: 'policy', id, name })

function changeWords(before: PolicyInput, after: PolicyInput): string {
  if (isDeepStrictEqual(before.rules, after.rules))
    return `Renamed the policy ${before.name} to ${after.name}`
  const renamed = before.name === after.name ? '' : 'name, '
  return `Changed the policy ${after.name}: ${renamed}who gets in`
}
