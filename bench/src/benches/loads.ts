import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '@argos/contract'
import { against, type Bench, median } from '../bench.ts'
import { startPanel, type Written } from '../panel.ts'
import { startCaddy, startEdge, startUpstream } from '../servers.ts'
import { loadOf, world } from '../world.ts'

const SIZE = 1_000
const PAUSE_MS = 1_200

/** A change of settings, which takes a load of everything. */
export const loads: Bench = {
  name: 'loads',
  summary: 'a change that needs a load, with 1,000 hosts: from the request until it is live',
  async run({ rounds, tools }) {
    await using upstream = await startUpstream(tools)
    const all = world(SIZE, upstream.port)
    await using panel = await startPanel(all)
    await using edge = await startEdge(tools, all)
    await using caddy = await startCaddy(tools, all)
    const more = { ...all, pools: all.pools.map((p, i) => (i === 0 ? { ...p, targets: [] } : p)) }
    const took = { panel: [] as number[], edge: [] as number[], caddy: [] as number[] }
    const timed = async (into: number[], what: () => Promise<unknown>) => {
      const began = performance.now()
      await what()
      into.push(performance.now() - began)
      await sleep(PAUSE_MS)
    }
    for (let n = 0; n < rounds; n++) {
      const saved = await panel.ask<{ settings: Settings; version: number }>('GET', '/api/v1/settings')
      const settings = { ...saved.settings, trustedProxies: [`10.0.0.${n}/32`] }
      await timed(took.panel, async () => {
        const { saved: went } = await panel.ask<Written>('PUT', '/api/v1/settings', { ...saved, settings })
        // The answer does not wait for ever; what came later is timed to its end all the same.
        if (!went.live) await panel.stack.inSync()
      })
      await timed(took.edge, () => edge.client.load('*', loadOf(all, edge.places, `n${n}@bench.test`)))
      await timed(took.caddy, () => caddy.load(n % 2 === 0 ? more : all))
    }
    await panel.stack.inSync()
    return [
      against(
        'change of settings',
        median(took.panel),
        median(took.edge),
        'ms',
        { most: 2.2 },
        'the edge’s bare load',
      ),
      against('change of settings', median(took.panel), median(took.caddy), 'ms', null, 'stock Caddy’s load'),
      against(
        'the edge’s bare load',
        median(took.edge),
        median(took.caddy),
        'ms',
        null,
        'stock Caddy’s load',
      ),
    ]
  },
}
