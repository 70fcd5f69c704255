import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localNetworks } from '@argos/contract'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hiddenClients, hiddenIn, type Seen, seenAt } from './client-sight.ts'

const seen = (over: Partial<Seen> = {}): Seen => ({
  ...{ clients: [], gateways: ['172.18.0.1'], contained: true },
  ...over,
})

describe('CR-12 whether visitors have addresses of their own', () => {
  test('all from Docker’s gateway: they do not, and it is said why', () => {
    expect(hiddenClients(seen({ clients: ['172.18.0.1', '172.18.0.1'] }))).toContain(
      "All visitors seen of late come from 172.18.0.1, which looks like Docker's gateway",
    )
  })
  test('all from two of Docker’s networks: they do not', () => {
    expect(hiddenClients(seen({ clients: ['172.18.0.1', '172.19.0.1'] }))).not.toBeNull()
  })
  test('one of another address is enough to know that they do', () => {
    expect(hiddenClients(seen({ clients: ['172.18.0.1', '192.168.1.7'] }))).toBeNull()
  })
  test('in a container nobody knows before the first visitor; on a machine of its own it is taken for granted', () => {
    expect(hiddenClients(seen())).toContain('No visitor was seen yet')
    expect(hiddenClients(seen({ contained: false }))).toBeNull()
  })
  test('all from the router: they do not, but for the first few', () => {
    const router = { contained: false, gateways: ['192.168.1.1'] }
    expect(hiddenClients(seen({ ...router, clients: Array(3).fill('192.168.1.1') }))).toContain('a proxy')
    expect(hiddenClients(seen({ ...router, clients: ['192.168.1.1'] }))).toBeNull()
    expect(hiddenClients(seen({ ...router, clients: Array(9).fill('192.168.1.7') }))).toBeNull()
  })
  test('in a container no network may hold the gateway: those whom Docker hides come from there', () => {
    const known = seen({ clients: ['192.168.1.7'] })
    expect(hiddenIn(known, ['192.168.1.0/24'])).toBeNull()
    expect(hiddenIn(known, ['172.16.0.0/12'])).toContain("172.18.0.1 is Docker's gateway")
    expect(hiddenIn(known, localNetworks)).not.toBeNull()
    expect(hiddenIn({ ...known, contained: false }, localNetworks)).toBeNull()
    expect(hiddenIn(seen({ clients: ['172.18.0.1'] }), [])).toBeNull()
  })
  test('the edge’s log says where visitors came from, and a visitor cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argos-sight-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const line = (client: string, uri = '/') =>
      JSON.stringify({ request: { uri }, argos: { request_id: 'x', client } })
    const forged = line('172.18.0.1', '/"argos":{"client":"10.9.9.9"}')
    const lines = [line('192.168.1.7'), line('127.0.0.1'), forged, line('2001:db8::1'), '{"broken', '']
    await writeFile(join(folder, 'access.log'), lines.join('\n'))
    expect((await seenAt(folder, true)).clients).toEqual(['192.168.1.7', '172.18.0.1', '2001:db8::1'])
    expect((await seenAt(join(folder, 'none'), true)).clients).toEqual([])
  })
})
