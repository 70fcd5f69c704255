import { setTimeout as sleep } from 'node:timers/promises'
import { type HotResult, hotClients } from '@argos/testkit'
import type { Bench, Row } from '../bench.ts'
import { formOf, startPanel, type Written } from '../panel.ts'
import { startCaddy, startUpstream } from '../servers.ts'
import { nameOf, world } from '../world.ts'

const CHANGES = 100
const CLIENTS = 8
const HOSTS = 100

/** Requests that fail while somebody edits. */
export const failures: Bench = {
  name: 'failures',
  summary: `failed requests of ${CLIENTS} hot clients over ${CHANGES} edits, beside ${CHANGES} reloads of Caddy`,
  async run({ tools, say }) {
    await using upstream = await startUpstream(tools)
    const all = world(HOSTS, upstream.port)
    say('edits')
    const edited = await edits()
    say('reloads')
    const reloaded = await reloads()
    const told = ({ failed, sent }: HotResult) => `${failed} of ${sent.toLocaleString('en')}`
    const row: Row = {
      what: `${CHANGES} edits of one host after another`,
      ours: told(edited),
      beside: `${told(reloaded)} over ${CHANGES} reloads`,
      ratio: edited.failed,
      limit: { most: 0 },
    }
    return [row]

    async function edits(): Promise<HotResult> {
      await using panel = await startPanel(all)
      const clients = hotClients(CLIENTS, (n) => ({
        port: panel.stack.ports.http,
        name: nameOf(1 + (n % HOSTS)),
      }))
      for (let n = 0; n < CHANGES; n++) {
        const id = `h_${String(1 + (n % HOSTS)).padStart(6, '0')}`
        const host = await panel.ask<Written['host']>('GET', `/api/v1/hosts/${id}`)
        const domains = [host.domains[0] ?? '', `n${n}.${nameOf(1 + (n % HOSTS))}`]
        await panel.ask('PUT', `/api/v1/hosts/${id}`, { ...formOf(host), domains })
        await sleep(100)
      }
      await panel.stack.inSync()
      return clients.stop()
    }
    async function reloads(): Promise<HotResult> {
      await using caddy = await startCaddy(tools, all)
      const clients = hotClients(CLIENTS, (n) => ({ port: caddy.httpPort, name: nameOf(1 + (n % HOSTS)) }))
      for (let n = 0; n < CHANGES; n++) {
        const more = (h: (typeof all.hosts)[number], i: number) =>
          i === n % HOSTS ? { ...h, domains: [...h.domains, `n${n}.${h.domains[0]}`] } : h
        await caddy.load({ ...all, hosts: all.hosts.map(more) })
        await sleep(100)
      }
      return clients.stop()
    }
  },
}
