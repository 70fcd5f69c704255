import { connect } from 'node:tls'
import { hostCreate } from '@argos/contract'
import { type EdgeRequest, echo, eventually, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, echoed } from '../../support/edge.ts'
import { edit, publish, publishMany, remove, wanted } from '../../support/hosts.ts'

let stack: Stack
let app: Upstream
let others: Upstream
beforeAll(async () => {
  stack = await startStack()
  app = await echo('app')
  others = await echo('others')
  await publish(stack, { domains: ['app.example.test'], to: app })
  await publish(stack, { domains: ['secure.example.test'], to: app, tls: 'internal' })
  await publish(stack, { domains: ['other.example.test'], to: others, tls: 'internal' })
  await publish(stack, { domains: ['*.wild.example.test', 'wild.example.test'], to: app })
  await publish(stack, { domains: ['exact.wild.example.test'], to: others })
  for (const name of ['secure.example.test', 'other.example.test']) {
    await eventually(`${name} has its certificate`, () => browse(stack, name, { tls: true }))
  }
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([app.close(), others.close()])
})

const visitedUpstream = async (name: string, more: Partial<EdgeRequest> = {}): Promise<string> => {
  const { status, headers } = await browse(stack, name, more)
  return status === 200 ? String(headers['x-upstream']) : String(status)
}

describe.each([5, 150])('FA-10 with %d hosts', (count) => {
  beforeAll(async () => {
    const missing = Array.from({ length: count - 5 }, (_, i) => ({
      domains: [`host-${i}.example.test`],
      to: others,
    }))
    await publishMany(stack, missing)
  })

  const spellings: { title: string; more: Partial<EdgeRequest> }[] = [
    { title: 'upper case', more: { headers: { host: 'APP.EXAMPLE.TEST' } } },
    { title: 'mixed case', more: { headers: { host: 'aPP.Example.tesT' } } },
    { title: 'a trailing dot', more: { headers: { host: 'app.example.test.' } } },
    { title: 'port 80', more: { headers: { host: 'app.example.test:80' } } },
    { title: 'port 443', more: { headers: { host: 'app.example.test:443' } } },
    { title: 'a trailing dot and a port', more: { headers: { host: 'App.Example.Test.:8080' } } },
    { title: 'a URI in absolute form', more: { path: 'http://app.example.test/x' } },
    { title: 'a URI in absolute form, upper case', more: { path: 'http://APP.EXAMPLE.TEST:80/x' } },
  ]
  test.each(spellings)('$title is the same host', async ({ more }) => {
    expect(await visitedUpstream('app.example.test', more)).toBe('app')
  })

  test('a URI in absolute form for another host than the header is answered by one of them or refused', async () => {
    const answer = await visitedUpstream('app.example.test', { path: 'http://other.example.test/x' })
    // RFC 9112, 3.2.2: the URI wins. That host is HTTPS only.
    expect(['308', '400', '421']).toContain(answer)
  })

  test.each([
    '',
    ' ',
    'app.example.test@other',
    'app.example.test/x',
    'app..example.test',
    '[::1]',
    '127.0.0.1',
  ])('`%s` is nobody', async (host) => {
    const answer = await visitedUpstream('app.example.test', { headers: { host } }).catch(() => 'reset')
    expect(['400', '404', '421', 'reset']).toContain(answer)
  })

  test('over TLS the name of the request must be that of the handshake', async () => {
    const tls = { tls: true }
    expect(await visitedUpstream('secure.example.test', tls)).toBe('app')
    for (const host of ['SECURE.EXAMPLE.TEST', `Secure.example.test:${stack.ports.https}`]) {
      expect(await visitedUpstream('secure.example.test', { ...tls, headers: { host } }), host).toBe('app')
    }
    const dotted = await visitedUpstream('secure.example.test', {
      ...tls,
      headers: { host: 'secure.example.test.' },
    })
    expect(['app', '421']).toContain(dotted)
    for (const host of [
      'other.example.test',
      'OTHER.EXAMPLE.TEST',
      'app.example.test',
      'nobody.example.test',
    ]) {
      expect(await visitedUpstream('secure.example.test', { ...tls, headers: { host } })).toBe('421')
    }
  })
})

describe('wildcards', () => {
  test.each([
    ['a.wild.example.test', 'app'],
    ['A.WILD.example.test.', 'app'],
    ['wild.example.test', 'app'],
    ['exact.wild.example.test', 'others'],
  ])('%s is answered by %s', async (name, upstream) => {
    expect(await visitedUpstream(name)).toBe(upstream)
  })

  test.each(['a.b.wild.example.test', '.wild.example.test', 'xwild.example.test'])(
    '%s is not',
    async (name) => {
      expect(['400', '404', '421']).toContain(await visitedUpstream(name))
    },
  )
})

/** Whether a TLS handshake for a name gets a certificate. */
const handshake = (servername: string | undefined): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: stack.ports.https,
      rejectUnauthorized: false,
      ...(servername === undefined ? {} : { servername }),
    })
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().subjectaltname ?? 'a certificate')
      socket.destroy()
    })
    socket.once('error', () => resolve(null))
    socket.once('close', () => resolve(null))
  })

describe('names nobody published', () => {
  const secrets = /app\.|secure\.|other\.|wild\.|example\.test|argos|caddy|panel|127\.0\.0\.1/i

  test.each(['nobody.example.test', 'unknown.invalid', 'localhost', '127.0.0.1'])(
    'http://%s gets a plain refusal that tells nothing',
    async (name) => {
      const { status, headers, body } = await browse(stack, name)
      expect([404, 421]).toContain(status)
      expect(`${JSON.stringify(headers)}${body}`).not.toMatch(secrets)
    },
  )

  test('on the HTTPS port the handshake is closed, and no certificate is shown', async () => {
    expect(await handshake('secure.example.test')).toContain('secure.example.test')
    for (const name of ['nobody.example.test', 'app.example.test', 'x.invalid', undefined]) {
      expect(await handshake(name), String(name)).toBeNull()
    }
  })
})

describe('a disabled host', () => {
  test('answers 404 without its upstream, on both ports, and comes back when enabled', async () => {
    await using upstream = await echo('switched')
    const names = { http: 'switched.example.test', https: 'switched-tls.example.test' }
    const plain = await publish(stack, { domains: [names.http], to: upstream })
    const tls = await publish(stack, { domains: [names.https], to: upstream, tls: 'internal' })
    await eventually('its certificate', () => browse(stack, names.https, { tls: true }))
    await Promise.all([plain, tls].map(({ id }) => edit(stack, id, () => ({ enabled: false }))))
    await stack.inSync()
    expect(await browse(stack, names.http)).toMatchObject({ status: 404 })
    const answer = await browse(stack, names.https, { tls: true }).catch(() => null)
    expect(answer?.status ?? 404).toBe(404)
    expect((await browse(stack, names.http)).body).not.toMatch(/switched|127\.0\.0\.1/)
    await edit(stack, plain.id, () => ({ enabled: true }))
    await stack.inSync()
    expect(await echoed(stack, names.http)).toMatchObject({ upstream: 'switched' })
  })
})

test('a name that was freed a moment ago can be published at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const body = (to: Upstream) => wanted({ domains: ['quick.example.test'], to })
    const { host } = await stack.api.call(hostCreate, { body: body(app) })
    await remove(stack, host.id)
    const again = await stack.api.call(hostCreate, { body: body(others) })
    await stack.inSync()
    expect(await visitedUpstream('quick.example.test')).toBe('others')
    await remove(stack, again.host.id)
  }
})

test('a deleted host is unknown, and its names can be published again', async () => {
  const host = await publish(stack, { domains: ['gone.example.test'], to: app })
  await remove(stack, host.id)
  await stack.inSync()
  expect([404, 421]).toContain((await browse(stack, 'gone.example.test')).status)
  await publish(stack, { domains: ['gone.example.test'], to: others })
  expect(await visitedUpstream('gone.example.test')).toBe('others')
})
