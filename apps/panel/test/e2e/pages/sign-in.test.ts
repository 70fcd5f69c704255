import { hostList, invitationCreate, userList, userResetLink } from '@argos/contract'
import { tools } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DoorBench, doorBench, FILES, member, PHOTOS, signIn } from '../../support/door.ts'
import { edit, live } from '../../support/hosts.ts'
import { inBothThemes, widths } from '../../support/looks.ts'
import { policy, signedIn } from '../../support/sso.ts'

describe.skipIf(!tools.chromium)('the way in', () => {
  let bench: DoorBench
  beforeAll(async () => {
    bench = await doorBench()
  })
  afterAll(() => bench?.close())

  test.each(widths)('CS-07 the sign-in, and what it says to wrong words, $on', async ({ on, options }) => {
    const visitor = await bench.visitor('/login', options)
    const { page } = visitor
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await inBothThemes(visitor, 'login', on)
    await signIn(page, { username: 'nobody', password: 'whatever it is' })
    await page.getByRole('alert').getByText('Name or password is not right.').waitFor()
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await inBothThemes(visitor, 'login-wrong', on)
    await page.context().close()
  })

  test('RT-07 who opens an app signs in on the way, and comes out where they wanted to', async () => {
    const { page, complaints } = await bench.visitor('/login')
    await page.goto(bench.at(PHOTOS, '/albums/7?order=new'))
    await page.getByText(PHOTOS, { exact: true }).waitFor()
    await inBothThemes({ page, complaints }, 'authorize')
    await signIn(page)
    await page.waitForURL(bench.at(PHOTOS, '/albums/7?order=new'))
    await page.goto(bench.at(FILES, '/inbox'))
    await page.waitForURL(bench.at(FILES, '/inbox'))
    await page.goBack()
    await page.waitForURL(bench.at(PHOTOS, '/albums/7?order=new'))
    await page.context().close()
  })

  test('an account that may not open an app is told so by its name, with a way back', async () => {
    const { hosts } = await bench.stack.api.call(hostList, { query: {} })
    const id = hosts.find(({ domains }) => domains.includes(FILES))?.id ?? ''
    const others = await policy(bench.stack, 'Administrators', {
      ...signedIn,
      who: 'these',
      people: (await bench.stack.api.call(userList, {})).users
        .filter(({ role }) => role === 'admin')
        .map((user) => user.id),
    })
    const access = { kind: 'policy' as const, policyId: others, paths: [], keep: true, assertion: false }
    await edit(bench.stack, id, () => ({ access }))
    await live(bench.stack, id)
    const visitor = await bench.visitor('/login')
    const { page } = visitor
    await page.goto(bench.at(FILES))
    await signIn(page)
    await page.getByRole('heading', { name: 'You may not open this' }).waitFor()
    await page.getByText(FILES, { exact: true }).waitFor()
    await inBothThemes(visitor, 'authorize-denied')
    await page.getByRole('link', { name: 'Your apps' }).click()
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: /^Files/ }).count(), { timeout: 10_000 }).toBe(0)
    await page.context().close()
  })

  test('RT-07 a link that no host made leads nowhere, and says so', async () => {
    const visitor = await bench.visitor('/login')
    const { page } = visitor
    await signIn(page)
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await page.goto(`${bench.panel}/authorize?host=h_none&rd=https://evil.test&state=${'A'.repeat(43)}`)
    await page.getByRole('alert').getByRole('heading').waitFor()
    await inBothThemes(visitor, 'authorize-failed')
    expect(new URL(page.url()).origin).toBe(bench.panel)
    await page.context().close()
  })

  test('an invitation makes an account of its reader, once; its token leaves the address at once', async () => {
    const { link } = await bench.stack.api.call(invitationCreate, { body: { role: 'member' } })
    const visitor = await bench.visitor(link.path)
    const { page } = visitor
    await page.getByRole('heading', { name: 'You are invited' }).waitFor()
    expect(page.url()).toBe(`${bench.panel}/invitation`)
    await page.getByLabel('Your name').fill('Ida')
    await page.getByLabel('Name to sign in with').fill('not a name')
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Make account' }).click()
    await page.getByText('Use at least 10 characters').waitFor()
    await inBothThemes(visitor, 'invitation')
    await page.getByLabel('Name to sign in with').fill('ida')
    await page.getByLabel('Password', { exact: true }).fill('a few words of Ida')
    await page.getByRole('button', { name: 'Make account' }).click()
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await page.context().close()
    const second = await bench.visitor(link.path)
    await second.page.getByRole('heading', { name: 'This invitation opens nothing' }).waitFor()
    await inBothThemes(second, 'invitation-used')
    await second.page.context().close()
  })

  test('a reset link sets a new password, with which its owner signs in', async () => {
    const { users } = await bench.stack.api.call(userList, {})
    const id = users.find(({ username }) => username === member.username)?.id ?? ''
    const { path } = await bench.stack.api.call(userResetLink, { params: { id } })
    const visitor = await bench.visitor(path)
    const { page } = visitor
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.getByRole('textbox', { name: 'New password' }).fill('other words to keep')
    await inBothThemes(visitor, 'reset')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('link', { name: `Sign in as ${member.username}` }).click()
    await signIn(page, { ...member, password: 'other words to keep' })
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await page.context().close()
  })

  test('LG-01 a pause after too many tries is counted down on the button', async () => {
    const visitor = await bench.visitor('/login')
    const { page } = visitor
    const paused = page.getByRole('button', { name: /^Paused for / })
    for (let i = 0; i < 12 && (await paused.count()) === 0; i += 1) {
      await signIn(page, { username: 'nobody', password: `guess ${i}` })
      await page.getByRole('alert').waitFor()
      await expect.poll(() => page.locator('[aria-busy]').count(), { timeout: 10_000 }).toBe(0)
    }
    await paused.waitFor()
    await inBothThemes(visitor, 'login-paused')
    const words = await paused.textContent()
    await expect.poll(() => paused.textContent(), { timeout: 10_000 }).not.toBe(words)
    await page.context().close()
  })
})
