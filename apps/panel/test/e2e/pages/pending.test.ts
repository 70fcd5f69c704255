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
import { admin, eventually, phone, type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { edit, editPool, inputOf, publish } from '../../support/hosts.ts'
import { inBothThemes } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('a change that waits to be kept, on the pages', () => {
  let bench: PageBench
  let stack: Stack
  let visitor: SignedIn
  let page: Page
  let hosts: readonly Host[] = []
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    visitor = await bench.signedIn()
    page = visitor.page
  })
  beforeEach(async () => {
    hosts = await Promise.all(['one', 'two', 'three'].map((name) => served(`${name}.example.test`)))
    await stack.inSync()
  })
  afterEach(async () => {
    const left = await pending()
    if (left) await stack.api.call(pendingReturn, { params: { id: left.id } }).catch(() => null)
    await eventually('nothing waits', async () => (await pending()) === null)
  })
  afterAll(() => bench.close())

  /** A host of that name, published: what the test before left of it, or a new one. */
  const served = async (name: string): Promise<Host> => {
    const found = (await stack.api.call(hostList, {})).hosts.find(({ domains }) => domains[0] === name)
    if (!found) return publish(stack, { domains: [name], to: bench.upstream })
    return found.enabled ? found : (await edit(stack, found.id, () => ({ enabled: true }))).host
  }
  const status = (name: string) => bench.status(`${name}.example.test`)
  const pending = async () => (await stack.api.call(pendingView, {})).pending
  const host = (i: number): Host => {
    const found = hosts[i]
    if (!found) throw new Error(`no host ${i}`)
    return found
  }
  const dock = (of = page) => of.getByRole('region', { name: /^Keep r\d+\?$/ })
  /** Opens what deletes the first host. */
  const deletion = async ({ page: of, open } = visitor) => {
    await open(`/hosts/${host(0).id}`)
    await of.getByRole('button', { name: 'More actions' }).click()
    await of.getByRole('menuitem', { name: /^Delete/ }).click()
    return of.getByRole('dialog', { name: 'Delete one.example.test?' })
  }
  /** Pauses two hosts for a limited time. */
  const pause = (confirmS: number) =>
    stack.api.call(hostBulk, {
      query: { confirmS },
      body: { ids: [host(0).id, host(1).id], action: { kind: 'disable' } },
    })
  const keep = async (of = page) => {
    await dock(of)
      .getByRole('button', { name: /^Keep it/ })
      .click()
    await of.getByText(/^Kept as r\d+$/).waitFor()
  }
  const heights = async (of = page) => {
    const boxes = (await dock(of).getByRole('button').all()).map((button) => button.boundingBox())
    return (await Promise.all(boxes)).map((box) => box?.height ?? 0)
  }

  test('F32 a host is deleted only after its name is typed, waits in the dock, and stays gone once it is kept', async () => {
    const dialog = await deletion()
    await dialog.getByText('Nothing has changed yet.').waitFor()
    const apply = dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' })
    await apply.waitFor()
    expect(await dialog.getByText('1 host changes, 2 stay byte for byte the same').count()).toBe(1)
    await inBothThemes(visitor, 'change-preview')
    await dialog.getByRole('button', { name: 'Caddy JSON' }).click()
    await dialog.getByText('"one.example.test"').waitFor()
    await inBothThemes(visitor, 'change-preview-caddy')

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
    await inBothThemes(visitor, 'dock')
    expect(Math.min(...(await heights()))).toBeGreaterThanOrEqual(20)
    await keep()
    await dock().waitFor({ state: 'detached' })
    expect(await status('one')).toBe(404)
    expect((await stack.api.call(hostList, {})).hosts.map((h) => h.domains[0])).not.toContain(
      'one.example.test',
    )
  })

  test('F32 several are paused with one preview; the page stays usable behind the dock, and putting back brings exactly them back', async () => {
    await visitor.open('/hosts')
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
    await visitor.open(`/hosts/${host(0).id}`)
    await page.getByLabel('Note').fill('too early')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const refusal = page.getByRole('main').getByRole('alert')
    await refusal.getByRole('button', { name: /^Keep r\d+$/ }).waitFor()
    await inBothThemes(visitor, 'dock-refusal')
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
    await pause(10)
    await visitor.open('/')
    await dock().waitFor()
    expect(await status('one')).toBe(404)
    await page.getByText(/^r\d+ went back: nobody kept it/i).waitFor({ timeout: 30_000 })
    expect(await status('one')).toBe(200)
    const { revisions } = await stack.api.call(revisionList, { query: {} })
    expect(revisions.some((revision) => revision.outcome === 'returned')).toBe(true)
  })

  test('F32 several are deleted with one preview, put off once to five minutes, and kept with a key', async () => {
    await visitor.open('/hosts')
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
    // The failures of this page are meant.
    await page.goto('about:blank')
    const own = await bench.signedIn()
    await pause(15)
    await own.open('/')
    await dock(own.page).waitFor()
    await stack.kill('panel')
    await dock(own.page).getByText('The panel does not answer here.').waitFor()
    await eventually('the edge went back without the panel', async () => (await status('one')) === 200, {
      timeoutMs: 40_000,
    })
    stack.start('panel')
    await stack.reachable()
    await own.page.getByText(/^r\d+ went back:/).waitFor({ timeout: 30_000 })
    await stack.inSync()
    expect(await status('one')).toBe(200)
    await own.page.context().close()
  })

  test('F32 a session that ends meanwhile is renewed over the page, and the change is kept from there', async () => {
    const own = await bench.signedIn()
    await pause(60)
    await own.open('/')
    await dock(own.page).waitFor()
    await own.page.context().clearCookies()
    const dialog = own.page.getByRole('dialog', { name: 'Sign in to go on' })
    await dialog.getByText(/Sign in within \d+ seconds, or r\d+ comes back/).waitFor()
    await dialog.getByLabel(/^Password/).fill(admin.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    await keep(own.page)
    await own.page.context().close()
  })

  test('a preview survives a reload, and Esc leaves everything as it is', async () => {
    const dialog = await deletion()
    await dialog.waitFor()
    await page.reload()
    await dialog.getByText('The edge has read this change and accepts it.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(page.url()).toBe(`${stack.panelUrl}/hosts/${host(0).id}`)
    expect(await status('one')).toBe(200)
  })

  test('labels are saved at once, and their toast takes them back', async () => {
    await visitor.open(`/hosts/${host(0).id}`)
    await page.getByLabel('Note').fill('a note')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Undone/).waitFor()
    expect((await stack.api.call(hostView, { params: { id: host(0).id } })).note).toBe('')
  })

  test('F32 what overlaps with a change that waits has the reason where its button would be, and both ways on', async () => {
    await pause(60)
    const dialog = await deletion()
    await dialog.getByText('This cannot be done.').waitFor()
    expect(await dialog.getByRole('button', { name: /^Delete/ }).count()).toBe(0)
    await inBothThemes(visitor, 'change-preview-blocked')
    await dialog.getByRole('button', { name: /^Put r\d+ back$/ }).click()
    await dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' }).waitFor()
    expect(await status('one')).toBe(200)
  })

  test('a panel name that is a host’s is refused beside its field, and nothing changes', async () => {
    await visitor.open('/settings')
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
    await visitor.open(`/pools/${host(1).poolId}`)
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
    await keep()
    const pool = await stack.api.call(poolView, { params: { id: host(1).poolId } })
    expect(pool).toMatchObject({ name: 'shared', health: { intervalS: 20 }, preserveHost: false })
  })

  test('CS-07 on a phone the preview and the dock have no barriers, and targets a thumb can hit', async () => {
    const other = await bench.signedIn(phone)
    const dialog = await deletion(other)
    const apply = dialog.getByRole('button', { name: 'Delete, then 60 s to confirm' })
    await apply.waitFor()
    await inBothThemes(other, 'change-preview', 'phone')
    await dialog.getByRole('textbox').fill('one')
    await apply.click()
    await dock(other.page).waitFor({ timeout: 20_000 })
    await inBothThemes(other, 'dock', 'phone')
    expect(Math.min(...(await heights(other.page)))).toBeGreaterThanOrEqual(44)
    await dock(other.page).getByRole('button', { name: /^Put/ }).click()
    await other.page.getByText(/^r\d+ went back/).waitFor()
    expect(other.complaints()).toEqual([])
    await other.page.context().close()
  })
})
