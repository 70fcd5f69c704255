import { createServer, type RequestListener } from 'node:http'
import { createServer as createTls } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import { selfSigned } from '@argos/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { parseNetworks } from './address.ts'
import type { Inside, Policy } from './admit.ts'
import { type GuardDeps, guardedFetch } from './fetch.ts'
import { ownPlaces } from './places.ts'
import { guardedUpgrade } from './upgrade.ts'

const open: Server[] = []
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))))
})

async function listen(server: Server, address = '127.0.0.1', port = 0): Promise<number> {
  open.push(server)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined) // the guard hangs up on purpose
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, address, done))
  return (server.address() as AddressInfo).port
}
const http = (answer: RequestListener, address?: string, port?: number) =>
  listen(createServer(answer), address, port)

const insides: Inside[] = []
const onInside = (inside: Inside) => void insides.push(inside)
const upstream: Policy = { reach: 'upstream', onInside }
const operator: Policy = { reach: 'operator', onInside }
const toPublic: Policy = { reach: 'public', onInside }

const guard = (over: Partial<GuardDeps> & { ours?: number[] } = {}) =>
  guardedFetch({
    own: ownPlaces({ listeners: (over.ours ?? []).map((port) => ({ address: '', port })) }),
    allow: [],
    ...over,
  })
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (err: { reason?: string }) => err.reason ?? `bug: ${err}`,
  )

describe('where a call may go', () => {
  test.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://0.0.0.0:1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://100.100.100.200/',
    'http://[fd00:ec2::254]/',
  ])('SS-01 %s is refused for an operator as for the public, unconnected', async (url) => {
    expect(await reasonOf(guard()(url, { policy: toPublic }))).toBe('address')
    expect(await reasonOf(guard()(url, { policy: operator }))).toBe('address')
  })

  test.each(['10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '[fd12::1]'])(
    'SS-01 %s is refused to a call that may only go to the Internet',
    async (host) => {
      expect(await reasonOf(guard()(`http://${host}/`, { policy: toPublic }))).toBe('address')
    },
  )

  test('SS-01 a name that leads to a forbidden address is refused as the address is', async () => {
    const resolve = async () => ['127.0.0.1', '169.254.169.254']
    expect(await reasonOf(guard({ resolve })('http://app.example/', { policy: operator }))).toBe('address')
  })

  test('SS-01 what an operator entered may be private, and is reported before the call', async () => {
    insides.length = 0
    const stop = new AbortController()
    const policy: Policy = {
      reach: 'operator',
      onInside: (inside) => {
        insides.push(inside)
        stop.abort() // the address is nobody's; only the permission counts here
      },
    }
    const reason = await reasonOf(guard()('http://192.0.2.24:8000/', { policy, signal: stop.signal }))
    expect(reason).toBe('timeout')
    expect(insides).toEqual([
      { host: '192.0.2.24', port: 8000, address: '192.0.2.24', reach: 'private', allowedBy: null },
    ])
  })

  test('SS-01 CF-15 our own listeners are refused even to a probe and to the allow-list', async () => {
    const port = await http((_req, res) => res.end('the panel'))
    const allow = parseNetworks(['127.0.0.0/8'])
    expect(
      await reasonOf(guard({ ours: [port], allow })(`http://127.0.0.1:${port}/`, { policy: upstream })),
    ).toBe('address')
  })

  test('SS-05 a private address on the allow-list works, and is reported with the entry', async () => {
    insides.length = 0
    const port = await http((_req, res) => res.end('inside'))
    const allow = parseNetworks(['127.0.0.0/30'])
    const reply = await guard({ allow })(`http://127.0.0.1:${port}/`, { policy: toPublic })
    expect(reply.body.toString()).toBe('inside')
    expect(insides).toMatchObject([{ address: '127.0.0.1', port, allowedBy: '127.0.0.0/30' }])
  })

  test('SS-05 no allow-list opens metadata services', async () => {
    const allow = parseNetworks(['0.0.0.0/0', '::/0'])
    expect(await reasonOf(guard({ allow })('http://169.254.169.254/', { policy: operator }))).toBe('address')
  })

  test('an audit that fails stops the call', async () => {
    let asked = 0
    const port = await http((_req, res) => res.end(String(++asked)))
    const policy: Policy = { reach: 'upstream', onInside: () => Promise.reject(new Error('disk full')) }
    await expect(guard()(`http://127.0.0.1:${port}/`, { policy })).rejects.toThrow('disk full')
    expect(asked).toBe(0)
  })
})

describe('rebinding', () => {
  test('SS-02 a name is asked once; a redirect to itself stays on the checked address', async () => {
    const seen: string[] = []
    const port = await http((req, res) => {
      seen.push(`first ${req.headers.host} ${req.url}`)
      if (req.url === '/') res.writeHead(302, { location: '/next' }).end()
      else res.end('still the first')
    })
    await http((req, res) => res.end(String(seen.push(`second ${req.url}`))), '127.0.0.2', port)
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.2']]
    let asked = 0
    const resolve = async () => answers[asked++] ?? []
    const reply = await guard({ resolve })(`http://rebind.example:${port}/`, {
      policy: upstream,
      redirects: 2,
    })
    expect(reply.body.toString()).toBe('still the first')
    expect(asked).toBe(1)
    expect(seen).toEqual([`first rebind.example:${port} /`, `first rebind.example:${port} /next`])
  })

  test('SS-02 of mixed answers only the allowed ones are dialled', async () => {
    const port = await http((_req, res) => res.end('allowed'), '127.0.0.2')
    await http((_req, res) => res.end('forbidden'), '127.0.0.1', port)
    const resolve = async () => ['127.0.0.1', '127.0.0.2']
    const allow = parseNetworks(['127.0.0.2'])
    const reply = await guard({ resolve, allow })(`http://mixed.example:${port}/`, { policy: toPublic })
    expect(reply).toMatchObject({ address: '127.0.0.2' })
    expect(reply.body.toString()).toBe('allowed')
  })
})

describe('redirects', () => {
  const allow = parseNetworks(['127.0.0.2', '127.0.0.3'])
  const redirecting = (location: string, status = 302) =>
    http((_req, res) => res.writeHead(status, { location }).end(), '127.0.0.2')

  test('SS-03 none is followed unless told', async () => {
    const port = await redirecting('http://127.0.0.1/')
    const reply = await guard()(`http://127.0.0.2:${port}/`, { policy: upstream })
    expect(reply.status).toBe(302)
  })

  test.each([
    'http://127.0.0.1:1/',
    'http://169.254.169.254/',
    'http://10.0.0.1/',
    'http://127.0.0.2:1/',
    'http://127.0.0.3:1/',
    '//192.168.1.1/',
    'http://inside.example/',
  ])('SS-03 a redirect to %s is not followed, allow-list and policy or not', async (location) => {
    const port = await redirecting(location)
    const resolve = async () => ['10.0.0.1']
    for (const policy of [toPublic, upstream])
      expect(
        await reasonOf(guard({ allow, resolve })(`http://127.0.0.2:${port}/`, { policy, redirects: 3 })),
      ).toBe('redirect')
  })

  test.each(['file:///etc/passwd', 'gopher://x/', 'http://user@example.net/', 'http://0x7f.1/'])(
    'SS-03 SS-04 a redirect to %s is refused as the address itself would be',
    async (location) => {
      const port = await redirecting(location)
      expect(
        await reasonOf(guard({ allow })(`http://127.0.0.2:${port}/`, { policy: toPublic, redirects: 3 })),
      ).not.toBe('answered')
    },
  )

  test('a chain ends after as many as were allowed', async () => {
    let asked = 0
    const port = await http((_req, res) => res.writeHead(302, { location: `/${++asked}` }).end())
    const reply = await guard()(`http://127.0.0.1:${port}/`, { policy: upstream, redirects: 99 })
    expect([reply.status, asked]).toEqual([302, 6])
  })

  test('told to stay, a call ends at the first redirect elsewhere', async () => {
    const port = await redirecting('http://127.0.0.1:1/')
    const url = `http://127.0.0.2:${port}/`
    const reply = await guard()(url, { policy: upstream, redirects: 3, across: 'stay' })
    expect(reply).toMatchObject({ status: 302, url })
  })
})

describe('the reply', () => {
  test('SS-08 an endless reply is cut at 64 kB', async () => {
    const port = await http((_req, res) => {
      const block = Buffer.alloc(16 * 1024, 'a')
      const more = () => {
        while (!res.destroyed && res.write(block));
      }
      res.on('drain', more)
      more()
    })
    const reply = await guard()(`http://127.0.0.1:${port}/`, { policy: upstream, maxBytes: 1e9 })
    expect([reply.truncated, reply.body.length]).toEqual([true, 65_536])
    await expect.poll(() => sockets.size).toBe(0)
  })

  test('SS-08 a 10 GB reply that is announced is cut as well', async () => {
    const port = await http((_req, res) => {
      res.writeHead(200, { 'content-length': String(10 * 1024 ** 3) })
      res.write(Buffer.alloc(256 * 1024))
    })
    const reply = await guard()(`http://127.0.0.1:${port}/`, { policy: upstream })
    expect([reply.truncated, reply.body.length]).toEqual([true, 65_536])
  })

  test('a reply of exactly the limit is whole', async () => {
    const port = await http((_req, res) => res.end(Buffer.alloc(65_536)))
    expect(await guard()(`http://127.0.0.1:${port}/`, { policy: upstream })).toMatchObject({
      truncated: false,
    })
  })

  test('SS-08 a reply that drips is cut at the deadline and its beginning kept', async () => {
    const port = await http((_req, res) => {
      res.write('drip')
      const timer = setInterval(() => res.write('.'), 5)
      res.once('close', () => clearInterval(timer))
    })
    const reply = await guard()(`http://127.0.0.1:${port}/`, { policy: upstream, timeoutMs: 150 })
    expect(reply.truncated).toBe(true)
    expect(reply.body.toString()).toMatch(/^drip/)
    await expect.poll(() => sockets.size).toBe(0)
  })

  test('SS-08 headers that never end are given up at the deadline', async () => {
    const port = await listen(
      createTcp((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const timer = setInterval(() => socket.write('x: y\r\n'), 5)
        socket.once('close', () => clearInterval(timer))
      }),
    )
    const asked = guard()(`http://127.0.0.1:${port}/`, { policy: upstream, timeoutMs: 100 })
    expect(await reasonOf(asked)).toMatch(/timeout|protocol/)
  })

  test('SS-08 a resolver that never answers is given up at the deadline', async () => {
    const resolve = () => new Promise<string[]>(() => undefined)
    const asked = guard({ resolve })('http://slow.example/', { policy: toPublic, timeoutMs: 30 })
    expect(await reasonOf(asked)).toBe('unresolved')
  })

  test.each([
    ['nothing listens', async (): Promise<number> => 1, 'refused'],
    ['it hangs up', (): Promise<number> => listen(createTcp((socket) => void socket.destroy())), 'closed'],
    [
      'it speaks something else',
      (): Promise<number> => listen(createTcp((socket) => void socket.end('SSH-2.0-x\r\n'))),
      'protocol',
    ],
  ] as const)('%s: said as such', async (_name, start, reason) => {
    const port = await start()
    expect(await reasonOf(guard()(`http://127.0.0.1:${port}/`, { policy: upstream }))).toBe(reason)
  })
})

describe('TLS and WebSockets', () => {
  const { cert, key } = selfSigned(['nas.lan', '127.0.0.1'])

  test('a certificate nobody signed is refused; a probe may look at it', async () => {
    const port = await listen(createTls({ cert, key }, (_req, res) => res.end('secret door')))
    const url = `https://127.0.0.1:${port}/`
    expect(await reasonOf(guard()(url, { policy: upstream }))).toBe('tls')
    const reply = await guard()(url, { policy: upstream, tls: 'observe' })
    expect(reply.tls).toEqual({ trusted: false, selfSigned: true, subject: 'nas.lan' })
  })

  test('a WebSocket handshake is recognised, and dropped at once', async () => {
    const server = createServer((_req, res) => res.end())
    const webSockets = new WebSocketServer({ server })
    const port = await listen(server)
    const plain = await http((_req, res) => res.end())
    const upgrade = guardedUpgrade({ own: ownPlaces({ listeners: [] }), allow: [] })
    expect(await upgrade(`http://127.0.0.1:${port}/`, { policy: upstream })).toBe(true)
    expect(await upgrade(`http://127.0.0.1:${plain}/`, { policy: upstream })).toBe(false)
    expect(await reasonOf(upgrade(`http://127.0.0.1:${port}/`, { policy: operator }))).toBe('address')
    await expect.poll(() => webSockets.clients.size).toBe(0)
  })
})
