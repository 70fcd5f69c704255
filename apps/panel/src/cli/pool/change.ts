import { type Input, type Pool, type PoolInput, poolCreate, poolDelete, poolUpdate } from '@argos/contract'
import { asking } from '../api.ts'
import { confirmQuery } from '../confirm.ts'
import { findPool } from '../host/find.ts'
import { listOf, needed, oneOf, pairsOf, wholeNumber, yesOrNo } from '../pairs.ts'
import { changingOptions, changingWords, reportSaved, savingOptions, savingWords } from '../report.ts'
import { verb } from '../verb.ts'
import { protocolOf, typedTarget } from './target.ts'

const addUsage = 'pool add NAME TARGET… [--no-verify] [--health tcp|http|off] [--health-path PATH]'
const setUsage = 'pool set NAME key=value… [--confirm SECONDS] [--json] [--no-wait]'
const kinds = ['tcp', 'http', 'off'] as const
const keys = [
  'name',
  'targets',
  'protocol',
  'verify',
  'preserve-host',
  'health',
  'health-path',
  'health-interval',
  'health-timeout',
] as const
export type PoolPairs = Partial<Record<(typeof keys)[number], string>>

export const add = verb({
  summary: 'Make a pool that several hosts may share',
  usage: addUsage,
  options: {
    'no-verify': { type: 'boolean' },
    'own-host': { type: 'boolean' },
    health: { type: 'string' },
    'health-path': { type: 'string' },
    ...savingOptions,
  },
  words: {
    'no-verify': "Do not check the targets' certificate (https)",
    'own-host': "Send the target's own address as Host, not the visitor's",
    health: 'tcp (the default), http or off',
    'health-path': 'The path that an HTTP check asks for',
    ...savingWords,
  },
  details: 'A TARGET is address:port or a URL; @3 behind it is a weight of 3.',
  positionals: Number.POSITIVE_INFINITY,
  run: (context, values, [typed, ...targets]) => {
    const name = needed(typed, 'The name of the pool', addUsage)
    needed(targets[0], 'A target', addUsage)
    const kind = oneOf('--health', values.health ?? (values['health-path'] ? 'http' : 'tcp'), kinds)
    return asking(context, values.json, async (call) => {
      const read = targets.map((target) => typedTarget(target))
      const body: PoolInput = {
        name,
        protocol: protocolOf(read) ?? 'http',
        verifyTls: values['no-verify'] !== true,
        preserveHost: values['own-host'] !== true,
        health: { kind, path: values['health-path'] ?? '/', intervalS: 15, timeoutS: 5 },
        targets: read.map(({ target }) => target),
      }
      const answer = await call(poolCreate, { body })
      const words = `Added the pool ${answer.pool.name}`
      return reportSaved(context, call, values, { words, saved: answer.saved, hostIds: [], answer })
    })
  },
})

/** The pool as it is, with what is named put in. */
export function changedPool(pool: Pool, pairs: PoolPairs): Input<typeof poolUpdate>['body'] {
  const { protocol, verifyTls, preserveHost, health, version } = pool
  const known = pool.targets.map(({ address, port, weight, enabled }) => ({ address, port, weight, enabled }))
  const typed = pairs.targets === undefined ? null : listOf(pairs.targets).map((t) => typedTarget(t, known))
  const seconds = (key: 'health-interval' | 'health-timeout', now: number) =>
    pairs[key] === undefined ? now : wholeNumber(key, pairs[key])
  return {
    name: pairs.name ?? pool.name,
    protocol:
      pairs.protocol === undefined
        ? ((typed && protocolOf(typed)) ?? protocol)
        : oneOf('protocol', pairs.protocol, ['http', 'https']),
    verifyTls: pairs.verify === undefined ? verifyTls : yesOrNo('verify', pairs.verify),
    preserveHost:
      pairs['preserve-host'] === undefined ? preserveHost : yesOrNo('preserve-host', pairs['preserve-host']),
    health: {
      kind: pairs.health === undefined ? health.kind : oneOf('health', pairs.health, kinds),
      path: pairs['health-path'] ?? health.path,
      intervalS: seconds('health-interval', health.intervalS),
      timeoutS: seconds('health-timeout', health.timeoutS),
    },
    targets: typed === null ? known : typed.map(({ target }) => target),
    version,
  }
}

export const set = verb({
  summary: 'Change what is named of a pool, for all hosts that use it',
  usage: setUsage,
  options: changingOptions,
  words: changingWords,
  details: [
    'Keys: targets=10.0.0.5:80,10.0.0.6:80@3  protocol=http|https  verify=yes|no  preserve-host=yes|no  name=NAME',
    '      health=tcp|http|off  health-path=/PATH  health-interval=SECONDS  health-timeout=SECONDS',
    'targets= lists all of them; those that were there keep their weight unless another is named.',
  ].join('\n'),
  positionals: Number.POSITIVE_INFINITY,
  run: (context, values, [typed, ...words]) => {
    const name = needed(typed, 'The name of a pool', setUsage)
    const pairs = pairsOf(words, keys, setUsage)
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const pool = await findPool(call, name)
      const answer = await call(poolUpdate, {
        params: { id: pool.id },
        query,
        body: changedPool(pool, pairs),
      })
      return reportSaved(context, call, values, {
        words: `Changed the pool ${answer.pool.name}`,
        saved: answer.saved,
        hostIds: answer.pool.hosts.map(({ id }) => id),
        answer,
      })
    })
  },
})

export const rm = verb({
  summary: 'Delete a pool that no host uses',
  usage: 'pool rm NAME [--confirm SECONDS] [--json] [--no-wait]',
  options: changingOptions,
  words: changingWords,
  positionals: 1,
  run: (context, values, [typed]) => {
    const wanted = needed(typed, 'The name of a pool', 'pool rm NAME')
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const { id, name } = await findPool(call, wanted)
      const answer = await call(poolDelete, { params: { id }, query })
      const words = `Deleted the pool ${name}`
      return reportSaved(context, call, values, {
        words,
        state: 'gone',
        saved: answer.saved,
        hostIds: [],
        answer,
      })
    })
  },
})
