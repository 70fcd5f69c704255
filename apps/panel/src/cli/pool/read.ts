import { type Pool, poolList } from '@argos/contract'
import { asking } from '../api.ts'
import { findPool } from '../host/find.ts'
import { targetWords } from '../host/words.ts'
import { needed } from '../pairs.ts'
import { facts, moment, table } from '../table.ts'
import { exitCode, verb } from '../verb.ts'

export const list = verb({
  summary: 'List pools with their targets',
  usage: 'pool list [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(poolList, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.pools.length > 0) {
        const rows = answer.pools.map((pool) => [
          pool.name,
          pool.targets.map((t) => targetWords(pool, t)).join('; '),
          healthWords(pool),
          hostsOf(pool),
        ])
        table(['NAME', 'TARGETS', 'HEALTH CHECK', 'HOSTS'], rows).forEach(context.say)
      } else
        context.say('There is no pool yet. A host brings its own; `./argos pool add` makes one to share.')
      return exitCode.ok
    }),
})

export const show = verb({
  summary: 'Show one pool',
  usage: 'pool show NAME [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  positionals: 1,
  run: (context, { json }, [typed]) => {
    const name = needed(typed, 'The name of a pool', 'pool show NAME')
    return asking(context, json, async (call) => {
      const pool = await findPool(call, name)
      if (json) context.say(JSON.stringify(pool, null, 2))
      else poolFacts(pool).forEach(context.say)
      return exitCode.ok
    })
  },
})

const poolFacts = (pool: Pool): string[] =>
  facts([
    ['Name', pool.name],
    ['Id', pool.id],
    ...pool.targets.map((t) => ['Target', targetWords(pool, t)] as const),
    ['Health check', healthWords(pool)],
    ['Certificate', pool.protocol === 'http' ? '' : pool.verifyTls ? 'checked' : 'not checked'],
    ['Host header', pool.preserveHost ? "the visitor's" : "the target's own address"],
    ['Hosts', hostsOf(pool)],
    ['Created', moment(pool.createdAt)],
    ['Changed', moment(pool.updatedAt)],
  ])

const hostsOf = ({ hosts }: Pool): string => hosts.map(({ name }) => name).join(', ') || 'none'

function healthWords({ health: { kind, path, intervalS } }: Pool): string {
  if (kind === 'off') return 'off'
  return `${kind === 'http' ? `HTTP ${path}` : 'TCP'} every ${intervalS} s`
}
