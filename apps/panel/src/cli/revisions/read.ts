import {
  type Change,
  type ObjectDiff,
  type Revision,
  revisionDiff,
  revisionList,
  revisionView,
} from '@argos/contract'
import { asking } from '../api.ts'
import { findHost } from '../host/find.ts'
import { needed, wholeNumber } from '../pairs.ts'
import { actorOf, facts, moment, plain, table } from '../table.ts'
import { exitCode, verb } from '../verb.ts'

export const list = verb({
  summary: 'What went live or was refused, newest first',
  usage: 'revisions list [--host NAME] [--limit N] [--json]',
  options: { host: { type: 'string' }, limit: { type: 'string', short: 'n' }, json: { type: 'boolean' } },
  words: { host: 'Only those that touched this host', limit: 'How many (20; at most 200)', json: 'As JSON' },
  run: (context, { host, limit = '20', json }) => {
    const query = { limit: wholeNumber('--limit', limit) }
    return asking(context, json, async (call) => {
      const of = host === undefined ? {} : { host: (await findHost(call, host)).id }
      const answer = await call(revisionList, { query: { ...query, ...of } })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.revisions.length > 0) {
        const rows = answer.revisions.map((r) => [
          `r${r.number}`,
          moment(r.at),
          actorOf(r.actor),
          r.outcome,
          r.words.join('; '),
        ])
        table(['REVISION', 'AT', 'BY', 'OUTCOME', 'WHAT'], rows).forEach(context.say)
      } else context.say('Nothing has gone live yet.')
      return exitCode.ok
    })
  },
})

export const show = verb({
  summary: 'Show one revision: what it changed, object by object',
  usage: 'revisions show NUMBER [--caddy] [--json]',
  options: { caddy: { type: 'boolean' }, json: { type: 'boolean' } },
  words: { caddy: "The edge's JSON before and after, too", json: 'As JSON' },
  positionals: 1,
  run: (context, { caddy, json }, [typed]) => {
    const number = revisionNumber(typed, 'revisions show NUMBER')
    return asking(context, json, async (call) => {
      const answer = await call(revisionView, { params: { number } })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else {
        revisionFacts(answer.revision).forEach(context.say)
        answer.changes.flatMap(changeLines).forEach(context.say)
        if (caddy)
          for (const { kind, name, before, after } of answer.caddy) {
            context.say(`\n${kind} ${plain(name)}`)
            jsonLines('-', before).forEach(context.say)
            jsonLines('+', after).forEach(context.say)
          }
      }
      return exitCode.ok
    })
  },
})

export const diff = verb({
  summary: 'How the settings differ between a revision and another one, or now',
  usage: 'revisions diff NUMBER [NUMBER] [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  positionals: 2,
  run: (context, { json }, [first, second]) => {
    const usage = 'revisions diff NUMBER [NUMBER]'
    const number = revisionNumber(first, usage)
    const query = second === undefined ? {} : { to: revisionNumber(second, usage) }
    return asking(context, json, async (call) => {
      const answer = await call(revisionDiff, { params: { number }, query })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.objects.length === 0) context.say('Nothing differs.')
      else answer.objects.flatMap(objectLines).forEach(context.say)
      return exitCode.ok
    })
  },
})

/** `r17` or `17`. */
export const revisionNumber = (typed: string | undefined, usage: string): number =>
  wholeNumber('NUMBER', needed(typed, 'The number of a revision', usage).replace(/^r/, ''))

const revisionFacts = (r: Revision): string[] =>
  facts([
    ['Revision', `r${r.number}`],
    ['At', moment(r.at)],
    ['By', actorOf(r.actor)],
    ...r.words.map((words) => ['What', words] as const),
    ['Outcome', r.outcome],
    ['Error', r.error ?? ''],
    ['Way', r.kind === 'swap' ? 'swap, only what changed' : 'load, the whole configuration'],
    ['Generation', String(r.generation)],
    ['Took', `${Math.round(r.tookMs)} ms`],
    ...r.hosts.map(({ name, probe }) => ['Host', probe === null ? name : `${name}: ${probe}`] as const),
  ])

const changeLines = (change: Change): string[] => change.objects.flatMap(objectLines)

/** A heading, and the lines of its settings that changed. */
export const objectLines = ({ kind, name, how, words, diff }: ObjectDiff): string[] => [
  '',
  plain(`${kind === 'settings' ? 'Settings' : `${kind} ${name}`}, ${how}`),
  ...words.map((text) => plain(`  ${text}`)),
  ...diff
    .filter(({ op }) => op !== 'same')
    .map(({ op, text }) => plain(`  ${op === 'add' ? '+' : '-'} ${text}`)),
]

const jsonLines = (mark: string, value: unknown): string[] =>
  value === null
    ? []
    : JSON.stringify(value, null, 2)
        .split('\n')
        .map((text) => plain(`  ${mark} ${text}`))
