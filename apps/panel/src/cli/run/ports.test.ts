import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Bindable, bindable, choosePorts } from './ports.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
async function taken(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** A machine on which this user may not bind below 1024; other ports are as told, else free. */
const unprivileged =
  (others: Record<number, Bindable> = {}) =>
  async (port: number): Promise<Bindable> =>
    others[port] ?? (port < 1_024 ? 'forbidden' : 'free')
const wish = {
  ports: { http: 80, https: 443, panel: 9443 },
  bind: '',
  panelBind: '127.0.0.1',
  mayChoose: true,
  look: unprivileged(),
}

test('without the privilege for 80 and 443 others are chosen, and it is said what that means', async () => {
  const { notes, ...ports } = await choosePorts(wish)
  expect(ports).toEqual({ http: 8080, https: 8443, panel: 9443 })
  expect(notes.join(' ')).toContain('using 8080 and 8443')
  expect(notes.join(' ')).toContain('80 forwarded to 8080')
})

test('with it nothing is chosen and nothing said', async () => {
  const look = async (): Promise<Bindable> => 'free'
  expect(await choosePorts({ ...wish, look })).toEqual({ ...wish.ports, notes: [] })
})

test.each<[string, Partial<typeof wish>, string]>([
  ['a port that was asked for is not replaced by another', { mayChoose: false }, 'Port 80 needs privileges'],
  ['a chosen one that is taken', { look: unprivileged({ 8080: 'taken' }) }, 'Port 8080 is taken by'],
  ["the panel's", { look: unprivileged({ 9443: 'taken' }) }, 'Port 9443 is taken by'],
  [
    'an address of another machine',
    { look: unprivileged({ 9443: 'no_such_address' }) },
    '127.0.0.1 is not one of',
  ],
])('%s is refused with the reason', async (_, over, words) => {
  await expect(choosePorts({ ...wish, ...over })).rejects.toThrow(words)
})

test('a port is taken whether on all addresses or on the one that is wanted', async () => {
  const one = await taken('127.0.0.1')
  const all = await taken('0.0.0.0')
  expect([await bindable(one, '127.0.0.1'), await bindable(all, '127.0.0.1')]).toEqual(['taken', 'taken'])
  expect(await bindable(one, '203.0.113.9')).toBe('no_such_address')
})
