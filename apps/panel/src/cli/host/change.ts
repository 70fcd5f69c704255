import { type Access, type Host, hostBulk, hostDelete, hostUpdate, type Input } from '@argos/contract'
import { asking } from '../api.ts'
import { confirmQuery } from '../confirm.ts'
import { listOf, needed, oneOf, pairsOf, yesOrNo } from '../pairs.ts'
import { type TypedAccess, typedAccess } from '../policy/find.ts'
import { changingOptions, changingWords, reportSaved } from '../report.ts'
import { verb } from '../verb.ts'
import { findHost, findPool } from './find.ts'

const usage = 'host set NAME key=value… [--confirm SECONDS] [--json] [--no-wait]'
const keys = [
  'names',
  'tls',
  'enabled',
  'policy',
  'paths',
  'keep',
  'assertion',
  'tags',
  'note',
  'pool',
] as const
export type HostPairs = Partial<Record<(typeof keys)[number], string>>
type Change = Input<typeof hostUpdate>['body']

/** The host as it is, with what is named put in. Pool and way in are those that were named, by their ids. */
export function changedHost(
  host: Host,
  pairs: HostPairs,
  poolId = host.poolId,
  access: Access = host.access,
): Change {
  const { domains, enabled, tls, tags, note, version } = host
  return {
    domains: pairs.names === undefined ? domains : listOf(pairs.names),
    enabled: pairs.enabled === undefined ? enabled : yesOrNo('enabled', pairs.enabled),
    tls: pairs.tls === undefined ? tls : oneOf('tls', pairs.tls, ['auto', 'internal', 'none']),
    access,
    tags: pairs.tags === undefined ? tags : listOf(pairs.tags),
    note: pairs.note ?? note,
    poolId,
    version,
  }
}

export const set = verb({
  summary: 'Change what is named of a host, and nothing else',
  usage,
  options: changingOptions,
  words: changingWords,
  details: [
    'Keys: names=a.example,b.example  tls=auto|internal|none  enabled=yes|no  tags=a,b  note=TEXT  pool=POOL',
    '      policy=POLICY|public  paths=/share/:public,/admin:POLICY  keep=yes|no  assertion=yes|no',
    'An empty value empties: tags= takes all tags off. Where the service is belongs to its pool: ./argos pool set.',
  ].join('\n'),
  positionals: Number.POSITIVE_INFINITY,
  run: (context, values, [typed, ...words]) => {
    const name = needed(typed, 'The name of a host', usage)
    const pairs = pairsOf(words, keys, usage)
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const host = await findHost(call, name)
      const pool = pairs.pool === undefined ? undefined : await findPool(call, pairs.pool)
      const answer = await call(hostUpdate, {
        params: { id: host.id },
        query,
        body: changedHost(host, pairs, pool?.id, await typedAccess(call, wayIn(pairs), host.access)),
      })
      return reportSaved(context, call, values, {
        words: `Changed ${answer.host.domains[0]}`,
        state: answer.host.enabled ? 'live' : 'saved, paused',
        saved: answer.saved,
        hostIds: [host.id],
        answer,
      })
    })
  },
})

const wayIn = ({ policy, paths, keep, assertion }: HostPairs): TypedAccess => ({
  ...{ policy, paths },
  keep: keep === undefined ? undefined : yesOrNo('keep', keep),
  assertion: assertion === undefined ? undefined : yesOrNo('assertion', assertion),
})

export const rm = verb({
  summary: 'Delete a host; its pool goes too when nothing else uses it',
  usage: 'host rm NAME [--confirm SECONDS] [--json] [--no-wait]',
  options: changingOptions,
  words: changingWords,
  positionals: 1,
  run: (context, values, [typed]) => {
    const name = needed(typed, 'The name of a host', 'host rm NAME')
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const { id, domains } = await findHost(call, name)
      const answer = await call(hostDelete, { params: { id }, query })
      const words = `Deleted ${domains[0]}`
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

const switching = (kind: 'enable' | 'disable', summary: string, done: string, state: string) =>
  verb({
    summary,
    usage: `host ${kind} NAME… [--confirm SECONDS] [--json] [--no-wait]`,
    options: changingOptions,
    words: changingWords,
    details: 'Several at once: all or none.',
    positionals: Number.POSITIVE_INFINITY,
    run: (context, values, names) => {
      needed(names[0], 'The name of a host', `host ${kind} NAME…`)
      const query = confirmQuery(values.confirm)
      return asking(context, values.json, async (call) => {
        const hosts: Host[] = []
        for (const name of names) hosts.push(await findHost(call, name))
        const ids = [...new Set(hosts.map(({ id }) => id))]
        const answer = await call(hostBulk, { query, body: { ids, action: { kind } } })
        const faces = [...new Set(hosts.map(({ domains }) => domains[0] ?? ''))].join(', ')
        const words = `${done} ${faces}`
        return reportSaved(context, call, values, { words, state, saved: answer.saved, hostIds: ids, answer })
      })
    },
  })

export const enable = switching('enable', 'Serve hosts that were paused', 'Enabled', 'live')
export const disable = switching('disable', 'Pause hosts: their names answer 404', 'Disabled', 'paused')
