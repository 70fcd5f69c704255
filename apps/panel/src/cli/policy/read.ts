import { type Output, type Policy, type PolicyTest, policyList, policyTest, userList } from '@argos/contract'
import { asking, notFound } from '../api.ts'
import { needed, wholeNumber } from '../pairs.ts'
import { facts, moment, table } from '../table.ts'
import { exitCode, Refusal, verb } from '../verb.ts'
import { findPolicy } from './find.ts'

export const list = verb({
  summary: 'List policies with who gets in and where they are used',
  usage: 'policy list [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(policyList, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.policies.length > 0) {
        const rows = answer.policies.map((policy) => [policy.name, policy.sentence, hostsOf(policy)])
        table(['NAME', 'WHO GETS IN', 'HOSTS'], rows).forEach(context.say)
        if (answer.noNetworks !== null) context.say(`\n${answer.noNetworks}`)
      } else context.say('There is no policy yet. `./argos policy add --help` shows how one is made.')
      return exitCode.ok
    }),
})

export const show = verb({
  summary: 'Show one policy',
  usage: 'policy show NAME [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  positionals: 1,
  run: (context, { json }, [typed]) => {
    const name = needed(typed, 'The name of a policy', 'policy show NAME')
    return asking(context, json, async (call) => {
      const policy = await findPolicy(call, name)
      if (json) context.say(JSON.stringify(policy, null, 2))
      else
        facts([
          ['Name', policy.name],
          ['Id', policy.id],
          ['Who gets in', policy.sentence],
          ['Hosts', hostsOf(policy)],
          ['Created', moment(policy.createdAt)],
          ['Changed', moment(policy.updatedAt)],
        ]).forEach(context.say)
      return exitCode.ok
    })
  },
})

const hostsOf = ({ hosts }: Policy): string =>
  [...new Set(hosts.map(({ name }) => name))].join(', ') || 'none'

const testUsage = 'policy test URL [--as USER] [--from ADDRESS] [--factor HOURS] [--at TIME] [--json]'
export const test = verb({
  summary: 'Say who can open an address, and why',
  usage: testUsage,
  options: {
    as: { type: 'string' },
    from: { type: 'string' },
    factor: { type: 'string' },
    at: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: {
    as: 'The user who opens it; left out: nobody is signed in',
    from: 'The address they come from (203.0.113.1, one of the internet)',
    factor: 'Hours since they gave a second factor; left out: they did not',
    at: 'When, as in 2026-01-31T22:00:00Z; left out: now',
    json: 'As JSON',
  },
  details: 'Exit code 0 when it opens, 4 when it does not.',
  positionals: 1,
  run: (context, { as, from = '203.0.113.1', factor, at, json }, [typed]) => {
    const url = needed(typed, 'An address', testUsage)
    const when = at === undefined ? undefined : Date.parse(at)
    if (Number.isNaN(when))
      throw new Refusal(`\`${at}\` is no time.`, 'Write it as 2026-01-31T22:00:00Z.', exitCode.usage)
    const factorHours = factor === undefined ? null : wholeNumber('--factor', factor)
    return asking(context, json, async (call) => {
      const { users } = as === undefined ? { users: [] } : await call(userList, {})
      const person = users.find(({ id, username }) => id === as || username === as?.toLowerCase())
      if (as !== undefined && !person) throw notFound(`There is no user \`${as}\`.`)
      const body = {
        ...{ url, address: from, factorHours, personId: person?.id ?? null },
        ...(when === undefined ? {} : { at: when }),
      }
      const answer = await call(policyTest, { body })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else testLines(answer).forEach(context.say)
      return answer.verdict === 'open' ? exitCode.ok : exitCode.refused
    })
  },
})

/** What comes of it, then each way in with what of it is met. */
export const testLines = ({ words, tests }: Pick<Output<typeof policyTest>, 'words' | 'tests'>): string[] => [
  ...words,
  ...tests.flatMap(({ policy, path, clauses }: PolicyTest) => [
    '',
    `${policy?.name ?? 'Everyone'}${path === null ? '' : `, for ${path}`}`,
    ...clauses.flatMap(({ sentence, parts }) => [
      `  ${sentence}`,
      ...parts.map(({ met, words }) => `    ${met ? 'yes' : 'no '}  ${words}`),
    ]),
  ]),
]
