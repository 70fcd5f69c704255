import { against, type Bench, median } from '../bench.ts'
import { startCaddy, startEdge, startUpstream } from '../servers.ts'
import { type Loaded, wrk } from '../tools.ts'
import { nameOf, world } from '../world.ts'

const SECONDS = 3

/** What a visitor gets: the first and the last of many hosts, beside the only one and beside stock Caddy. */
export const rate: Bench = {
  name: 'rate',
  summary: 'requests through the edge with 1, 1,000 and 5,000 hosts, plain HTTP, 32 kept connections',
  async run({ rounds, tools, say }) {
    await using upstream = await startUpstream(tools)
    const one = world(1, upstream.port)
    await using only = await startEdge(tools, one)
    await using thousand = await startEdge(tools, world(1_000, upstream.port))
    await using five = await startEdge(tools, world(5_000, upstream.port))
    await using caddy = await startCaddy(tools, one)
    await using logging = await startCaddy(tools, one, { logs: true })
    await using routed = await startCaddy(tools, world(5_000, upstream.port))
    const asked = {
      only: { port: only.httpPort, name: nameOf(1) },
      firstOf1000: { port: thousand.httpPort, name: nameOf(1) },
      lastOf1000: { port: thousand.httpPort, name: nameOf(1_000) },
      firstOf5000: { port: five.httpPort, name: nameOf(1) },
      lastOf5000: { port: five.httpPort, name: nameOf(5_000) },
      caddy: { port: caddy.httpPort, name: nameOf(1) },
      logging: { port: logging.httpPort, name: nameOf(1) },
      routed: { port: routed.httpPort, name: nameOf(5_000) },
    }
    type Key = keyof typeof asked
    const got: Record<Key, Loaded[]> = {
      ...{ only: [], firstOf1000: [], lastOf1000: [], firstOf5000: [] },
      ...{ lastOf5000: [], caddy: [], logging: [], routed: [] },
    }
    for (const what of Object.values(asked)) await wrk(tools, { ...what, seconds: 1 })
    for (let round = 1; round <= rounds; round++) {
      for (const [key, what] of Object.entries(asked) as [Key, (typeof asked)[Key]][]) {
        say(`round ${round}: ${key}`)
        got[key].push(await wrk(tools, { ...what, seconds: SECONDS }))
      }
    }
    const errors = Object.values(got)
      .flat()
      .reduce((sum, l) => sum + l.errors, 0)
    if (errors > 0) throw new Error(`${errors} requests failed`)
    const perSecond = (key: Key) => median(got[key].map((l) => l.requestsPerSecond))
    const p99 = (key: Key) => median(got[key].map((l) => l.p99Ms))
    const beside = (
      what: string,
      key: Key,
      peer: Key,
      name: string,
      limit: { least: number } | null = null,
    ) => [
      against(`${what}, rate`, perSecond(key), perSecond(peer), '/s', limit, name),
      against(`${what}, p99`, p99(key), p99(peer), 'ms', null, name),
    ]
    return [
      ...beside('first of 1,000', 'firstOf1000', 'only', 'only host'),
      ...beside('last of 1,000', 'lastOf1000', 'only', 'only host'),
      ...beside('first of 5,000', 'firstOf5000', 'only', 'only host'),
      ...beside('last of 5,000', 'lastOf5000', 'only', 'only host', { least: 0.93 }),
      ...beside('only host', 'only', 'logging', 'Caddy, one route, access log'),
      ...beside('only host', 'only', 'caddy', 'Caddy, one route, no log'),
      ...beside('last of 5,000', 'lastOf5000', 'routed', 'Caddy, last of 5,000 routes'),
    ]
  },
}
