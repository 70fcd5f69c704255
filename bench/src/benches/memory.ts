import { setTimeout as sleep } from 'node:timers/promises'
import { visit } from '@argos/testkit'
import { against, atMost, type Bench } from '../bench.ts'
import { rssMb } from '../machine.ts'
import { type Panel, startPanel } from '../panel.ts'
import { startCaddy, startEdge, startUpstream } from '../servers.ts'
import { nameOf, world } from '../world.ts'

/** Resident memory, taken once: it does not vary as times do. */
export const memory: Bench = {
  name: 'memory',
  summary: 'resident memory of panel and edge',
  async run({ tools, say }) {
    await using upstream = await startUpstream(tools)
    say('edge with 5,000')
    const edgeMb = await settled(async () => startEdge(tools, world(5_000, upstream.port)))
    say('Caddy with 5,000')
    const caddyMb = await settled(async () => startCaddy(tools, world(5_000, upstream.port)))
    say('edge alone')
    const aloneMb = await settled(async () => startEdge(tools, world(1, upstream.port)), 10)
    say('panel')
    const idleMb = await panelMb(await startPanel(null), 0)
    const withMb = await panelMb(await startPanel(world(1_000, upstream.port)), 1_000)
    return [
      atMost('edge, 60 s after loading 5,000 hosts', edgeMb, 230, 'MB'),
      against('edge, 60 s after loading 5,000 hosts', edgeMb, caddyMb, 'MB', null, 'Caddy, a route a host'),
      against('edge, 1 host', aloneMb, edgeMb, 'MB', null, 'with 5,000'),
      against('panel, idle, first start', idleMb, withMb, 'MB', null, 'with 1,000 hosts, started again'),
      atMost('panel, 1,000 hosts, listed and edited', withMb, 140, 'MB'),
    ]

    async function settled(
      start: () => Promise<AsyncDisposable & { httpPort: number; program: { pid(): number | null } }>,
      seconds = 60,
    ): Promise<number> {
      await using server = await start()
      for (let n = 1; n <= 20; n++) await visit({ port: server.httpPort, name: nameOf(1) })
      await sleep(seconds * 1_000)
      return rssMb(server.program.pid())
    }
  },
}

async function panelMb(started: Panel, hosts: number): Promise<number> {
  await using panel = started
  for (let n = 0; n < 5; n++) await panel.ask('GET', '/api/v1/hosts')
  for (let n = 1; n <= Math.min(hosts, 5); n++) {
    const id = `h_${String(n).padStart(6, '0')}`
    const host = await panel.ask<{ domains: string[]; version: number }>('GET', `/api/v1/hosts/${id}`)
    const { domains, version, tls, access, tags, note, poolId } = host as Record<string, unknown>
    const body = { domains, version, tls, access, tags, poolId, note: `${note} edited`, enabled: true }
    await panel.ask('PUT', `/api/v1/hosts/${id}`, body)
  }
  await sleep(20_000)
  return rssMb(panel.stack.panel.pid())
}
