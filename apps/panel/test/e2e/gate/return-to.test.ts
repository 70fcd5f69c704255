import { tools } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allowed, denied, unserved } from '../../../src/gate/return-to.testing.ts'
import { type DoorBench, doorBench, PHOTOS, signIn } from '../../support/door.ts'
import { tab } from '../../support/sso.ts'

describe.skipIf(!tools.chromium)('where a browser ends up', () => {
  let bench: DoorBench
  beforeAll(async () => {
    bench = await doorBench()
  }, 120_000)
  afterAll(() => bench?.close())

  test('RT-01 RT-07 whatever way back stands in the address, it is a page of the host', async () => {
    const { page, complaints } = await bench.visitor('/login')
    await signIn(page)
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    // As the host would have it, had this browser asked.
    const host = tab(bench.stack.ports.https)
    const asked = await host.go(PHOTOS)
    const [, value = ''] = /__Host-argos-state=([\w-]{43})/.exec(host.cookie(PHOTOS)) ?? []
    await page.context().addCookies([
      {
        ...{ name: '__Host-argos-state', value, url: bench.at(PHOTOS) },
        ...{ secure: true, httpOnly: true, sameSite: 'Lax' },
      },
    ])
    for (const rd of [...allowed, ...denied, ...unserved]) {
      const to = new URL(asked.headers.location ?? '')
      to.searchParams.set('rd', rd)
      await page.goto(to.href)
      await page.getByRole('heading', { name: 'Served' }).waitFor()
      const here = new URL(page.url())
      const path = allowed.includes(rd) && rd.startsWith('/') ? rd : '/'
      expect([rd, here.origin, here.href]).toEqual([rd, bench.at(PHOTOS, ''), bench.at(PHOTOS, path)])
    }
    expect(complaints()).toEqual([])
    await page.context().close()
  }, 300_000)

  test('RT-01 RT-07 whatever the login’s own address says, who signs in there stays at the panel', async () => {
    const risky = [
      '//evil.com',
      '/\\evil.com',
      '/.//evil.com',
      'javascript:alert(1)',
      '/\t/evil.com',
      'https://evil.com/',
    ]
    for (const to of risky) {
      const { page, complaints } = await bench.visitor(`/login?to=${encodeURIComponent(to)}`)
      await signIn(page)
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor({ state: 'detached' })
      await expect.poll(() => new URL(page.url()).pathname).not.toBe('/login')
      expect([to, new URL(page.url()).origin]).toEqual([to, bench.panel])
      expect(complaints()).toEqual([])
      await page.context().close()
    }
  }, 120_000)
})
