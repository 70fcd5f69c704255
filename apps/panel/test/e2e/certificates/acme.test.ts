import {
  echo,
  eventually,
  freePort,
  type Pebble,
  type Stack,
  startPebble,
  startStack,
  tools,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustedBy, useDirectory } from '../../support/acme.ts'
import { browse } from '../../support/edge.ts'
import { edit, publish, view } from '../../support/hosts.ts'

// Pebble asks the edge for one kind of challenge and a port where nobody listens for the other.
describe.skipIf(!tools.pebble).each([
  {
    challenge: 'HTTP-01',
    by: (stack: Stack, dead: number) => ({ httpPort: stack.ports.http, tlsPort: dead }),
  },
  {
    challenge: 'TLS-ALPN-01',
    by: (stack: Stack, dead: number) => ({ httpPort: dead, tlsPort: stack.ports.https }),
  },
])('a certificate by $challenge', ({ challenge, by }) => {
  let stack: Stack
  let pebble: Pebble
  let upstream: Upstream
  beforeAll(async () => {
    stack = await startStack()
    pebble = await startPebble(by(stack, await freePort()))
    upstream = await echo()
    await useDirectory(stack, pebble)
  })
  afterAll(async () => {
    await stack.stop()
    await Promise.all([pebble.close(), upstream.close()])
  })

  test(`is issued through the real edge for a host that is published with automatic TLS, by ${challenge} alone`, async () => {
    const host = await publish(stack, { domains: ['app.example.test'], to: upstream, tls: 'auto' })
    const root = await pebble.issuerRoot()
    await eventually('the certificate is served', () => trustedBy(stack, 'app.example.test', root), {
      timeoutMs: 60_000,
      everyMs: 100,
    })
    expect((await browse(stack, 'app.example.test', { tls: true })).status).toBe(200)
    expect((await browse(stack, 'app.example.test')).status).toBe(308)
    const { certificate } = (
      await eventually('the page shows it', async () => {
        const now = await view(stack, host.id)
        return now.state.certificate.state === 'ok' ? now : null
      })
    ).state
    expect(certificate.issuer).toMatch(/pebble/i)
    expect(certificate.notAfter).toBeGreaterThan(Date.now())
    expect(certificate.error).toBeNull()
  })

  test('a name that is added to a live host gets its own, without a load, and the first keeps its', async () => {
    const before = await publish(stack, { domains: ['first.example.test'], to: upstream, tls: 'auto' })
    await edit(stack, before.id, () => ({ domains: ['first.example.test', 'second.example.test'] }))
    const root = await pebble.issuerRoot()
    for (const name of ['first.example.test', 'second.example.test']) {
      await eventually(`${name} is served`, () => trustedBy(stack, name, root), {
        timeoutMs: 60_000,
        everyMs: 100,
      })
    }
  })

  test('certificates outlive the edge', async () => {
    const root = await pebble.issuerRoot()
    await pebble.close()
    await stack.restart('edge')
    expect(await trustedBy(stack, 'app.example.test', root)).toBe(true)
  })
})
