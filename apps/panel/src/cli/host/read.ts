import { hostList, policyList, poolView } from '@argos/contract'
import { asking } from '../api.ts'
import { needed } from '../pairs.ts'
import { table } from '../table.ts'
import { exitCode, verb } from '../verb.ts'
import { findHost } from './find.ts'
import { hostFacts, hostHeadings, hostRow } from './words.ts'

export const list = verb({
  summary: 'List hosts with their state',
  usage: 'host list [--search WORDS] [--tag TAG] [--json]',
  options: {
    search: { type: 'string', short: 's' },
    tag: { type: 'string', short: 't' },
    json: { type: 'boolean' },
  },
  words: {
    search: 'Only those with this in names, pool, tags or note',
    tag: 'Only those with this tag',
    json: 'As JSON',
  },
  run: (context, { search, tag, json }) =>
    asking(context, json, async (call) => {
      const answer = await call(hostList, { query: { q: search, tag } })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.hosts.length > 0) table(hostHeadings, answer.hosts.map(hostRow)).forEach(context.say)
      else
        context.say(
          search || tag ? 'No host fits.' : 'There is no host yet. `./argos host add` publishes one.',
        )
      return exitCode.ok
    }),
})

export const show = verb({
  summary: 'Show one host',
  usage: 'host show NAME [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  positionals: 1,
  run: (context, { json }, [typed]) => {
    const name = needed(typed, 'The name of a host', 'host show NAME')
    return asking(context, json, async (call) => {
      const host = await findHost(call, name)
      if (json) context.say(JSON.stringify(host, null, 2))
      else {
        const pool = await call(poolView, { params: { id: host.poolId } })
        const { policies } = host.access.kind === 'public' ? { policies: [] } : await call(policyList, {})
        hostFacts(host, pool, policies).forEach(context.say)
      }
      return exitCode.ok
    })
  },
})
