import { auditList, auditVerify } from '@argos/contract'
import { asking } from '../api.ts'
import { wholeNumber } from '../pairs.ts'
import { actorOf, moment, table } from '../table.ts'
import { exitCode, group, Refusal, verb } from '../verb.ts'

const list = verb({
  summary: 'Who did what, newest first',
  usage: 'audit list [--search WORDS] [--limit N] [--json]',
  options: {
    search: { type: 'string', short: 's' },
    limit: { type: 'string', short: 'n' },
    json: { type: 'boolean' },
  },
  words: { search: 'Only entries with these words', limit: 'How many (20; at most 200)', json: 'As JSON' },
  run: (context, { search, limit = '20', json }) => {
    const query = { limit: wholeNumber('--limit', limit), q: search }
    return asking(context, json, async (call) => {
      const answer = await call(auditList, { query })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.entries.length > 0) {
        const rows = answer.entries.map(({ id, at, actor, address, words }) => [
          String(id),
          moment(at),
          actorOf(actor),
          address ?? '-',
          words,
        ])
        table(['ENTRY', 'AT', 'BY', 'FROM', 'WHAT'], rows).forEach(context.say)
      } else context.say(search ? 'No entry fits.' : 'There is no entry yet.')
      return exitCode.ok
    })
  },
})

const verify = verb({
  summary: 'Check that the trail is as it was written',
  usage: 'audit verify [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  details: 'Exit code 1 when an entry was changed or is missing.',
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(auditVerify, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      if (!answer.ok) {
        throw new Refusal(
          `The audit trail is broken: entry ${answer.brokenAt} is not what was written, or is missing.`,
          'Compare it with a backup; who could write to the database?',
        )
      }
      if (!json) context.say(`All ${answer.checked} entries are as they were written.`)
      return exitCode.ok
    }),
})

export default group({ summary: 'Who did what, and whether the trail is whole', actions: { list, verify } })
