import {
  type Host,
  hostBulk,
  hostList,
  hostUpdate,
  hostView,
  pendingReturn,
  pendingView,
  poolView,
  revisionList,
  settingsView,
} from '@argos/contract'
import {
  admin,
  page as aPage,
  eventually,
  phone,
  type Stack,
  screenshot,
  startBrowser,
  startStack,
  type TestBrowser,
  tools,
  type Upstream,
  visit,
} from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { barriers, overflow, settled, signInOnPage, type Watched, watch } from '../../support/browser.ts'
import { edit, editPool, inputOf, publish } from '../../support/hosts.ts'

const wide = { viewport: { width: 1440, height: 900 } }

describe.skipIf(!tools.chromium)('a change that waits to be kept, on the pages', () => {
  let stack: Stack
  let browser: TestBrowser
  let upstream: Upstream
  let page: Page
  let watched: Watched
  let signedIn: NonNullable<BrowserContextOptions['storageState']>
  let hosts: readonly Host[] = []
  beforeAll(async () => {
    stack = await startStack()
    upstream = await aPage('Served')
    browser = await startBrowser()
    const first = await browser.page()
    await signInOnPage(first, stack.panelUrl, admin)
    signedIn = await first.context().storageState()
    await first.context().close()
  })
  beforeEach(async () => {
    hosts = []
    for (const name of ['one', 'two', 'three']) hosts = [...hosts, await served(`${name}.example.test`)]
    await stack.inSync()
    page = await browser.page({ ...wide, reducedMotion: 'reduce', storageState: signedIn })
    watched = await watch(page)
  })
  afterEach(async () => {
    await page.context().close()
    const left = await pending()
    if (left) await stack.api.call(pendingReturn, { params: { id: left.id } }).catch(() => null)
    await eventually('nothing waits', async () => (await pending()) === null)
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    await upstream.close()
  })

  /** A host of that name, published: what the test before left of it, or a new one. */
  const served = async (name: string): Promise<Host> => {
    const found = (await stack.api.call(hostList, {})).hosts.find(({ domains }) => domains[0] === name)
    if (!found) return publish(stack, { domains: [name], to: upstream })
    return found.enabled ? found : (await edit(stack, found.id, () => ({ enabled: true }))).host
  }
  const status = async (name: string) =>
    (await visit({ port: stack.ports.http, name: `${name}.example.test` })).status
  const pending = async () => (await stack.api.call(pendingView, {})).pending
  const host = (i: number): Host => {
    const found = hosts[i]
    if (!found) throw new Error(`no host ${i}`)
    return found
  }
  const dock = () => page.getByRole('region', { name: /^Keep r\d+\?$/ })
  const open = async (path: string) => {
    await page.goto(`${stack.panelUrl}${path}`)
    await settled(page)
  }
  const menu = async (item: RegExp) => {
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const looks = async (name: string) => {
    await screenshot(page, name)
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(watched.complaints()).toEqual([])
  }

  test('F32 a host is deleted only after its name is typed, waits in the dock, and stays gone once it is kept', async () => {
    await open(`/hosts/${host(0).id}`)
    await menu(/^Delete/)
    const dialog = page.getByRole('dialog', { name: 'Delete one.example.test?' })
    await dialog.getByText('Nothing has changed yet.').waitFor()
    const apply = dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' })
    await apply.waitFor()
    expect(await dialog.getByText('1 host changes, 2 stay byte for byte the same').count()).toBe(1)
    await looks('change-preview')
    await dialog.getByRole('button', { name: 'Caddy JSON' }).click()
    await dialog.getByText('"one.example.test"').waitFor()
    await looks('change-preview-caddy')

    await page.keyboard.press('Control+Enter')
    expect(await status('one'), 'nothing happens before the name is typed').toBe(200)
    expect(await pending()).toBeNull()
    await dialog.getByRole('textbox').fill('one')
    await page.keyboard.press('Control+Enter')

    await dock().waitFor({ timeout: 20_000 })
    await dialog.waitFor({ state: 'detached' })
    await page.waitForURL(/\/hosts$/)
    expect(await status('one'), 'live for now').toBe(404)
    expect(await status('two')).toBe(200)
    await looks('dock')
    await dock()
      .getByRole('button', { name: /^Keep it/ })
      .click()
    await page.getByText(/^Kept as r\d+$/).waitFor()
    await dock().waitFor({ state: 'detached' })
    expect(await status('one')).toBe(404)
    expect((await stack.api.call(hostList, {})).hosts.map((h) => h.domains[0])).not.toContain(
      'one.example.test',
    )
  })

  test('F32 several are paused with one preview; the page stays usable behind the dock, and putting back brings exactly them back', async () => {
    await open('/hosts')
    for (const name of ['one', 'two']) {
      await page.getByRole('checkbox', { name: `Select ${name}.example.test` }).click()
    }
    await page.getByRole('button', { name: 'Pause…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pause 2 hosts?' })
    await dialog.getByRole('button', { name: '2 min' }).click()
    await dialog.getByRole('button', { name: 'Pause, then 2 min to confirm' }).click()
    await dock().waitFor({ timeout: 20_000 })
    expect(await status('one')).toBe(404)

    // Another host goes on being edited meanwhile, and says when it goes live.
    await page
      .locator(`tr[data-host="${host(2).id}"] a`)
      .first()
      .click()
    await page.getByLabel('Note').fill('for the family')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved, goes live after the change that waits').waitFor()
    await dock().getByText('1 change saved since goes live after it').waitFor()

    // What waits itself is not edited over: the refusal has both ways on.
    await open(`/hosts/${host(0).id}`)
    await page.getByLabel('Note').fill('too early')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const refusal = page.getByRole('main').getByRole('alert')
    await refusal.getByRole('button', { name: /^Keep r\d+$/ }).waitFor()
    await looks('dock-refusal')
    await refusal.getByRole('button', { name: /^Put r\d+ back$/ }).click()
    await page.getByText(/^r\d+ went back/).waitFor()
    await dock().waitFor({ state: 'detached' })
    await eventually('both answer again', async () => {
      return (await status('one')) === 200 && (await status('two')) === 200
    })
    const { note } = await stack.api.call(hostView, { params: { id: host(2).id } })
    expect(note, 'what was saved meanwhile stays').toBe('for the family')
  })

  test('F32 without an answer it goes back by itself, and the page says so', async () => {
    await stack.api.call(hostBulk, {
      query: { confirmS: 10 },
      body: { ids: [host(0).id, host(1).id], action: { kind: 'disable' } },
    })
    await open('/')
    await dock().waitFor()
    expect(await status('one')).toBe(404)
    await page.getByText(/^r\d+ went back: nobody kept it/i).waitFor({ timeout: 30_000 })
    expect(await status('one')).toBe(200)
    const { revisions } = await stack.api.call(revisionList, { query: {} })
    expect(revisions.some((revision) => revision.outcome === 'returned')).toBe(true)
  })

  test('F32 several are deleted with one preview, put off once to five minutes, and kept with a key', async () => {
    await open('/hosts')
    for (const name of ['one', 'two']) {
      await page.getByRole('checkbox', { name: `Select ${name}.example.test` }).click()
    }
    await page.getByRole('button', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete 2 hosts?' })
    await dialog.getByRole('textbox').fill('2 hosts')
    await dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' }).click()
    await dock().waitFor({ timeout: 20_000 })
    await dock().getByRole('button', { name: 'Give it 5 minutes' }).click()
    await dock()
      .getByText(/^In [34]:\d\d minutes/)
      .waitFor()
    expect(await dock().getByRole('button', { name: 'Give it 5 minutes' }).count()).toBe(0)
    await page.keyboard.press('Shift+K')
    await page.getByText(/^Kept as r\d+$/).waitFor()
    expect([await status('one'), await status('two'), await status('three')]).toEqual([404, 404, 200])
  })

  test('F32 with the panel gone the dock says that the edge goes back by itself, and it does', async () => {
    await stack.api.call(hostBulk, {
      query: { confirmS: 15 },
      body: { ids: [host(0).id, host(1).id], action: { kind: 'disable' } },
    })
    await open('/')
    await dock().waitFor()
    await stack.kill('panel')
    await dock().getByText('The panel does not answer here.').waitFor()
    await eventually('the edge went back without the panel', async () => (await status('one')) === 200, {
      timeoutMs: 40_000,
    })
    stack.start('panel')
    await stack.reachable()
    await page.getByText(/^r\d+ went back:/).waitFor({ timeout: 30_000 })
    await stack.inSync()
    expect(await status('one')).toBe(200)
  })

  test('F32 a session that ends meanwhile is renewed over the page, and the change is kept from there', async () => {
    await stack.api.call(hostBulk, {
      query: { confirmS: 60 },
      body: { ids: [host(0).id, host(1).id], action: { kind: 'disable' } },
    })
    await open('/')
    await dock().waitFor()
    await page.context().clearCookies()
    const dialog = page.getByRole('dialog', { name: 'Sign in to go on' })
    await dialog.getByText(/Sign in within \d+ seconds, or r\d+ comes back/).waitFor()
    await dialog.getByLabel(/^Password/).fill(admin.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    await dock()
      .getByRole('button', { name: /^Keep it/ })
      .click()
    await page.getByText(/^Kept as r\d+$/).waitFor()
  })

  test('a preview survives a reload, and Esc leaves everything as it is', async () => {
    await open(`/hosts/${host(0).id}`)
    await menu(/^Delete/)
    const dialog = page.getByRole('dialog', { name: 'Delete one.example.test?' })
    await dialog.waitFor()
    await page.reload()
    await dialog.getByText('The edge has read this change and accepts it.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(page.url()).toBe(`${stack.panelUrl}/hosts/${host(0).id}`)
    expect(await status('one')).toBe(200)
  })

  test('labels are saved at once, and their toast takes them back', async () => {
    await open(`/hosts/${host(0).id}`)
    await page.getByLabel('Note').fill('a note')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Undone/).waitFor()
    expect((await stack.api.call(hostView, { params: { id: host(0).id } })).note).toBe('')
  })

  test('F32 what overlaps with a change that waits has the reason where its button would be, and both ways on', async () => {
    await stack.api.call(hostBulk, {
      query: { confirmS: 60 },
      body: { ids: [host(0).id, host(1).id], action: { kind: 'disable' } },
    })
    await open(`/hosts/${host(0).id}`)
    await menu(/^Delete/)
    const dialog = page.getByRole('dialog', { name: 'Delete one.example.test?' })
    await dialog.getByText('This cannot be done.').waitFor()
    expect(await dialog.getByRole('button', { name: /^Delete/ }).count()).toBe(0)
    await looks('change-preview-blocked')
    await dialog.getByRole('button', { name: /^Put r\d+ back$/ }).click()
    await dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' }).waitFor()
    expect(await status('one')).toBe(200)
  })

  test('a panel name that is a host’s is refused beside its field, and nothing changes', async () => {
    await open('/settings')
    await page.getByRole('textbox', { name: 'Panel domain' }).fill('one.example.test')
    await page.getByRole('button', { name: 'Review and save' }).click()
    await page.locator('[data-invalid]').first().waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect((await stack.api.call(settingsView, {})).settings.panelDomain).toBe('')
  })

  test('an edit begun before somebody else’s leads back to the form that can mend it', async () => {
    await stack.api.call(hostUpdate, {
      params: { id: host(0).id },
      body: { ...inputOf(host(0)), poolId: host(1).poolId, version: host(0).version },
    })
    await stack.inSync()
    await open(`/pools/${host(1).poolId}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    const drawer = page.getByRole('dialog', { name: /^Change / })
    await drawer.getByRole('textbox', { name: 'Name' }).fill('shared')
    await drawer.getByLabel('Every').fill('20')
    await editPool(stack, host(1).poolId, () => ({ preserveHost: false }))
    await drawer.getByRole('button', { name: 'Review and save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the pool shared' })
    await dialog.getByRole('button', { name: /^Apply/ }).click()
    await drawer.getByRole('button', { name: 'Save mine on top' }).click()
    await drawer.getByRole('button', { name: 'Review and save' }).click()
    await dialog.getByText('Upstreams').waitFor()
    await dialog.getByRole('button', { name: /^Apply/ }).click()
    await dock().waitFor({ timeout: 20_000 })
    await dock()
      .getByRole('button', { name: /^Keep it/ })
      .click()
    await page.getByText(/^Kept as r\d+$/).waitFor()
    const pool = await stack.api.call(poolView, { params: { id: host(1).poolId } })
    expect(pool).toMatchObject({ name: 'shared', health: { intervalS: 20 }, preserveHost: false })
  })

  describe.each([
    { look: 'phone-dark', options: { ...phone, colorScheme: 'dark' as const } },
    { look: 'phone-light', options: { ...phone, colorScheme: 'light' as const } },
    { look: 'light', options: { ...wide, colorScheme: 'light' as const } },
  ])('CS-07 $look', ({ look, options }) => {
    test('the preview and the dock have no barriers, and targets a thumb can hit', async () => {
      const other = await browser.page({ ...options, reducedMotion: 'reduce', storageState: signedIn })
      const { complaints } = await watch(other)
      await other.goto(`${stack.panelUrl}/hosts/${host(0).id}`)
      await settled(other)
      await other.getByRole('button', { name: 'More actions' }).click()
      await other.getByRole('menuitem', { name: /^Delete/ }).click()
      const dialog = other.getByRole('dialog', { name: 'Delete one.example.test?' })
      await dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' }).waitFor()
      await screenshot(other, `change-preview-${look}`)
      expect(await barriers(other)).toEqual([])
      await dialog.getByRole('textbox').fill('one')
      await dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' }).click()
      const waits = other.getByRole('region', { name: /^Keep r\d+\?$/ })
      await waits.waitFor({ timeout: 20_000 })
      await screenshot(other, `dock-${look}`)
      expect(await barriers(other)).toEqual([])
      expect(await overflow(other)).toBe(0)
      const least = look.startsWith('phone') ? 44 : 20
      for (const button of await waits.getByRole('button').all()) {
        expect((await button.boundingBox())?.height, `${await button.textContent()}`).toBeGreaterThanOrEqual(
          least,
        )
      }
      await waits.getByRole('button', { name: /^Put/ }).click()
      await other.getByText(/^r\d+ went back/).waitFor()
      expect(complaints()).toEqual([])
      await other.context().close()
    })
  })
})
