import { groupList, invitationCreate, invitationList, login, userCreate, userList } from '@argos/contract'
import { ApiRefusal, type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inEveryLook, seen } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

const password = 'a password for anna'

describe.skipIf(!tools.chromium)('people and groups, on the pages', () => {
  let bench: PageBench
  let stack: Stack
  let visitor: SignedIn
  let page: Page
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    visitor = await bench.signedIn()
    page = visitor.page
    await stack.api.call(userCreate, { body: { username: 'anna', password, displayName: 'Anna' } })
    await stack.api.call(userCreate, { body: { username: 'ben', password, email: 'ben@home.example' } })
  })
  afterEach(() => expect(visitor.complaints()).toEqual([]))
  afterAll(() => bench.close())

  const user = async (name: string) => {
    const found = (await stack.api.call(userList, {})).users.find((one) => one.username === name)
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const choose = async (who: string, item: string) => {
    await page.getByRole('button', { name: `Actions for ${who}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const dialog = () => page.getByRole('dialog')
  const press = (name: string | RegExp) => dialog().getByRole('button', { name }).last().click()

  test('everybody is listed with role, groups, factors and when they were seen; search narrows it', async () => {
    await visitor.open('/people')
    await row('Anna').getByText('never').waitFor()
    await row('Anna').getByText('no second factor').waitFor()
    await row('admin').getByText('Administrator').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('home.example')
    await row('Anna').waitFor({ state: 'detached' })
    await row('ben').waitFor()
    await page.getByLabel('Search people').fill('nobody at all')
    await page.getByRole('button', { name: 'Show everybody' }).click()
    await row('Anna').waitFor()
  })

  test('a group is made with its members, and stands in the rows of those', async () => {
    await visitor.open('/people/groups')
    await page.getByRole('heading', { name: 'No groups yet' }).waitFor()
    await page.getByRole('button', { name: 'Add group' }).first().click()
    await dialog().getByLabel('Name').fill('Not A Name!')
    await press('Add group')
    await dialog().getByText('starts with a letter or digit').waitFor()
    await dialog().getByLabel('Name').fill('family')
    await dialog().getByRole('button', { name: 'Add somebody' }).click()
    await page.getByRole('menuitem', { name: /Anna/ }).click()
    await press('Add group')
    await dialog().waitFor({ state: 'detached' })
    await row('family').getByText('Anna').waitFor()
    expect((await stack.api.call(groupList, {})).groups.map((group) => group.name)).toEqual(['family'])
    await visitor.open('/people')
    await row('Anna').getByText('family').waitFor()
  })

  test('an account is changed in its drawer; its edits are not lost by Escape', async () => {
    await visitor.open('/people')
    await row('ben').getByRole('button', { name: /^ben/ }).click()
    await dialog().getByLabel('Name', { exact: true }).fill('Benedikt')
    await page.keyboard.press('Escape')
    await dialog().getByRole('button', { name: 'Add to a group' }).click()
    await page.getByRole('menuitem', { name: /family/ }).click()
    await press('Save')
    await dialog().waitFor({ state: 'detached' })
    await row('Benedikt').getByText('family').waitFor()
    expect(await user('ben')).toMatchObject({ displayName: 'Benedikt', role: 'member' })
  })

  test('an invitation is a link that is shown once, listed while it is open, and taken back', async () => {
    await visitor.open('/people')
    await page.getByRole('button', { name: 'Invite' }).click()
    await dialog().getByLabel('For whom').fill('Cleo’s laptop')
    await press('Make the link')
    const url = await dialog().getByLabel('The invitation for Cleo’s laptop').inputValue()
    expect(url.startsWith(stack.panelUrl)).toBe(true)
    expect(url).toMatch(/#/)
    await press('I have the link')
    await page.getByText('Cleo’s laptop', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^Take back.*Cleo’s laptop$/ }).click()
    await press('Take back')
    await expect
      .poll(
        async () =>
          (await stack.api.call(invitationList, {})).invitations.filter((i) => i.usedAt === null).length,
      )
      .toBe(0)
  })

  test('somebody is signed out, disabled and enabled again, each after a word on what it does', async () => {
    const anna = stack.stranger()
    const signIn = () =>
      anna.call(login, { body: { username: 'anna', password } }).then(
        () => 200,
        (error: unknown) => (error instanceof ApiRefusal ? error.status : Promise.reject(error)),
      )
    await visitor.open('/people')
    expect(await signIn()).toBe(200)
    await choose('Anna', 'Sign out everywhere…')
    await press('Sign out everywhere')
    await expect.poll(async () => (await user('anna')).sessions).toBe(0)
    await choose('Anna', 'Disable…')
    await dialog().getByText('The account stays, and can be enabled again.').waitFor()
    await press('Disable')
    await row('Anna').getByText('disabled').waitFor()
    expect(await signIn()).toBe(401)
    await choose('Anna', 'Enable')
    await row('Anna').getByText('Member').waitFor()
    expect(await signIn()).toBe(200)
  })

  test('a link to set a new password is made after a word, and shown once', async () => {
    await visitor.open('/people')
    await choose('Anna', 'Link to set a new password…')
    await press('Make the link')
    expect(await dialog().getByLabel('Give it to Anna').inputValue()).toContain('#')
    await press('I have the link')
  })

  test('an account goes only after its name was typed; nobody deletes themself', async () => {
    await visitor.open('/people')
    await choose('Benedikt', 'Delete…')
    const go = dialog().getByRole('button', { name: 'Delete' })
    expect(await go.getAttribute('aria-disabled')).toBe('true')
    await dialog().getByLabel(/^Type/).fill('ben')
    await go.click()
    await row('Benedikt').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Actions for admin' }).click()
    expect(await page.getByRole('menuitem', { name: /^Delete/ }).getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Escape')
  })

  test('CS-07 people, groups and an account, in every look', async () => {
    const { id } = await user('anna')
    await stack.api.call(invitationCreate, { body: { note: 'Dan’s phone', email: 'dan@home.example' } })
    await inEveryLook(
      bench,
      { name: 'people', path: '/people', shows: (one) => seen(one, 'Anna') },
      { name: 'groups', path: '/people/groups', shows: (one) => seen(one, 'family') },
      {
        name: 'person',
        path: `/people?open=${id}`,
        shows: (one) => one.getByRole('dialog').getByText('Signs in with').waitFor(),
      },
      {
        name: 'invite',
        path: '/people?open=invite',
        shows: (one) => one.getByRole('dialog', { name: 'Invite somebody' }).waitFor(),
      },
    )
  })
})
