import { settingsView } from '@argos/contract'
import {
  admin,
  page as aPage,
  eventually,
  freePort,
  screenshot,
  startBrowser,
  startPebble,
  startStack,
  tools,
} from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { trustedBy, useDirectory } from '../../support/acme.ts'
import { publishOnPage, signInOnPage } from '../../support/browser.ts'

const name = 'app.example.test'

describe.skipIf(!tools.pebble || !tools.chromium)('a host made on the page', () => {
  test.each(['HTTP-01', 'TLS-ALPN-01'] as const)(
    'gets its certificate by %s through the edge',
    async (challenge) => {
      await using stack = await startStack()
      const dead = await freePort()
      const { http, https } = stack.ports
      const ports =
        challenge === 'HTTP-01' ? { httpPort: http, tlsPort: dead } : { httpPort: dead, tlsPort: https }
      await using pebble = await startPebble(ports)
      await useDirectory(stack, pebble)
      expect((await stack.api.call(settingsView, {})).settings.acmeDirectory).toBe(pebble.directory)
      await using upstream = await aPage('Behind the door')
      await using browser = await startBrowser({ [name]: `127.0.0.1:${https}` })

      const page = await browser.page()
      await signInOnPage(page, stack.panelUrl, admin)
      await page.goto(`${stack.panelUrl}/hosts/new`)
      const certificate = 'A public certificate'
      await publishOnPage(page, { upstream: `http://${upstream.dial}`, name, certificate })
      const root = await pebble.issuerRoot()
      await eventually('the certificate is served', () => trustedBy(stack, name, root), {
        timeoutMs: 60_000,
        everyMs: 100,
      })
      await page.getByText(/The edge has a certificate/).waitFor()
      await screenshot(page, `published-by-${challenge.toLowerCase()}`)
      const visitor = await browser.page()
      expect((await visitor.goto(`https://${name}/`))?.status()).toBe(200)
      expect(await visitor.title()).toBe('Behind the door')
    },
  )
})
