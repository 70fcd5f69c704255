import { setTimeout as sleep } from 'node:timers/promises'
import { visit } from '@argos/testkit'
import { against, atMost, type Bench, median, quantile } from '../bench.ts'
import { formOf, type Panel, startPanel, type Written } from '../panel.ts'
import { startCaddy, startUpstream } from '../servers.ts'
import { nameOf, world } from '../world.ts'

const SIZES = [10, 1_000, 5_000] as const
/** Of each size a round. */
const EDITS = 5
/** Changes that come faster are gathered: this is one person at work. */
const PAUSE_MS = 400

/** From the click to the answer that says live, and on to a visitor who sees it. */
export const edits: Bench = {
  name: 'edits',
  summary: 'one host gets another name: from the request to the panel until a visitor is served under it',
  async run({ rounds, tools, say }) {
    await using upstream = await startUpstream(tools)
    await using stack = new AsyncDisposableStack()
    const panels: Panel[] = []
    for (const size of SIZES) {
      say(`${size} hosts`)
      panels.push(stack.use(await startPanel(world(size, upstream.port))))
    }
    const took = SIZES.map(() => ({ live: [] as number[], seen: [] as number[] }))
    for (let n = 0; n < rounds * EDITS + 2; n++) {
      for (const [i, panel] of panels.entries()) {
        const { live, seen } = await editOnce(panel, SIZES[i] ?? 0, n)
        if (n >= 2) {
          took[i]?.live.push(live)
          took[i]?.seen.push(seen)
        }
        await sleep(PAUSE_MS)
      }
    }
    const [ten, thousand, five] = took
    if (!ten || !thousand || !five) throw new Error('unreachable')
    const caddy = await caddyLoads(rounds)
    const p50 = (t: typeof ten) => median(t.seen)
    return [
      atMost('10 hosts, p50', p50(ten), 20, 'ms'),
      against('1,000 hosts, p50', p50(thousand), p50(ten), 'ms', null, 'at 10'),
      against('5,000 hosts, p50', p50(five), p50(ten), 'ms', { most: 1.3 }, 'at 10'),
      against('5,000 hosts, p90', quantile(five.seen, 0.9), quantile(ten.seen, 0.9), 'ms', null, 'at 10'),
      against('10 hosts, until the answer, p50', median(ten.live), p50(ten), 'ms', null, 'until seen'),
      ...SIZES.map((size, i) =>
        against(
          `${size.toLocaleString('en')} hosts, p50`,
          median(took[i]?.seen ?? []),
          caddy[i] ?? 0,
          'ms',
          null,
          "Caddy's bare load",
        ),
      ),
    ]

    async function caddyLoads(times: number): Promise<number[]> {
      const found: number[] = []
      for (const size of SIZES) {
        const [even, odd] = [world(size, upstream.port), world(size, upstream.port)]
        const renamed = {
          ...odd,
          hosts: odd.hosts.map((h, i) =>
            i === 0 ? { ...h, domains: [...h.domains, 'more.bench.test'] } : h,
          ),
        }
        await using server = await startCaddy(tools, even)
        const all: number[] = []
        for (let n = 0; n < times; n++) {
          const began = performance.now()
          await server.load(n % 2 === 0 ? renamed : even)
          all.push(performance.now() - began)
          await sleep(PAUSE_MS)
        }
        found.push(median(all))
      }
      return found
    }
  },
}

async function editOnce(
  { stack, ask }: Panel,
  size: number,
  n: number,
): Promise<{ live: number; seen: number }> {
  const id = `h_${String(1 + ((n * 7) % size)).padStart(6, '0')}`
  const host = await ask<Written['host']>('GET', `/api/v1/hosts/${id}`)
  const name = `n${n}.${nameOf(1 + ((n * 7) % size))}`
  const form = { ...formOf(host), domains: [host.domains[0] ?? '', name] }
  const began = performance.now()
  await ask<Written>('PUT', `/api/v1/hosts/${id}`, form)
  const live = performance.now() - began
  // The answer says whether it is live by now; a visitor says it for certain.
  while ((await visit({ port: stack.ports.http, name })).status !== 200) await sleep(5)
  return { live, seen: performance.now() - began }
}
