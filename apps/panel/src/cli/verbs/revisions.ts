import { type Revision, revisionList } from '@argos/contract'
import { asking, notFound } from '../api.ts'
import { findHost } from '../host/find.ts'
import { needed, wholeNumber } from '../pairs.ts'
import { actorOf, facts, moment, table } from '../table.ts'
import { exitCode, group, verb } from '../verb.ts'

const list = verb({
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

const show = verb({
  summary: 'Show one revision',
  usage: 'revisions show NUMBER [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  positionals: 1,
  run: (context, { json }, [typed]) => {
    const word = needed(typed, 'The number of a revision', 'revisions show NUMBER')
    const number = wholeNumber('NUMBER', word.replace(/^r/, ''))
    return asking(context, json, async (call) => {
      const { revisions } = await call(revisionList, { query: { before: number + 1, limit: 1 } })
      const revision = revisions.find((r) => r.number === number)
      if (!revision) throw notFound(`There is no revision r${number}. \`./argos revisions list\` shows them.`)
      if (json) context.say(JSON.stringify(revision, null, 2))
      else revisionFacts(revision).forEach(context.say)
      return exitCode.ok
    })
  },
})

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

export default group({ summary: 'What went live, by whom, with what outcome', actions: { list, show } })
