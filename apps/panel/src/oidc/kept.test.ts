import { oidcCallback, oidcSettingsUpdate, oidcUnlink } from '@argos/contract'
import { expect, test } from 'vitest'
import { profileOf } from './oidc.claims.ts'
import { noSettings } from './oidc.rules.ts'
import { bea, begin, signIn, withProvider } from './testing.ts'

test('OI-13 who disconnects the account that made them an administrator is a member again', async () => {
  const { provider, browser, db } = await withProvider({ admin: { claim: 'groups', value: 'admins' } })
  provider.behave({ person: { ...bea, groups: ['admins'] } })
  const client = browser()
  const { me } = (await signIn(client, provider)).json<{ me: { csrfToken: string; user: object } }>()
  expect(me.user).toMatchObject({ role: 'admin' })
  // Else they could not sign in any more, and it is refused.
  await db.updateTable('user').set({ password_hash: 'one' }).where('username', '=', 'bea').execute()
  const res = await client.call(oidcUnlink, undefined, { 'x-csrf-token': me.csrfToken })
  expect(res.statusCode).toBe(204)
  const roles = await db.selectFrom('user').select('role').where('username', '=', 'bea').execute()
  expect(roles).toEqual([{ role: 'member' }])
  expect(await db.selectFrom('session').select('id').where('method', '=', 'oidc').execute()).toEqual([])
  const trail = await db.selectFrom('audit').select(['action', 'words']).execute()
  expect(trail).toContainEqual({ action: 'user.role', words: expect.stringMatching(/^Made bea a member/) })
})

test('OI-11 a sub is taken to the letter: with a space more it is somebody else', () => {
  expect(['bea-1', ' bea-1', 'bea-1 '].map((sub) => profileOf({ sub }, noSettings).sub)).toEqual([
    'bea-1',
    ' bea-1',
    'bea-1 ',
  ])
})

test('SE-05 a session that ended while the provider was asked connects nothing', async () => {
  const { provider, anna, db } = await withProvider()
  const answer = await begin(anna, provider, { purpose: 'link' })
  let ending: Promise<unknown> | null = null
  provider.behave({
    claims: (claims) => {
      ending = db.deleteFrom('session').execute()
      return claims
    },
  })
  expect((await anna.call(oidcCallback, answer)).statusCode).toBe(401)
  await ending
  expect(await db.selectFrom('oidc_identity').selectAll().execute()).toEqual([])
})

test('SE-12 who is an administrator by which claim is said by somebody who just proved who they are', async () => {
  const { anna, clock } = await withProvider()
  clock.advance(11 * 60_000)
  const res = await anna.call(oidcSettingsUpdate, { settings: noSettings, version: 1 })
  expect(res.json()).toMatchObject({ code: 'step_up_required' })
})

test('what the provider changes of a person, and a proof there, stand in the audit trail', async () => {
  const { provider, browser, anna, db } = await withProvider()
  const words = async (action: string) =>
    (await db.selectFrom('audit').select('words').where('action', '=', action).execute()).map((r) => r.words)
  await signIn(browser(), provider)
  await signIn(browser(), provider)
  expect(await words('user.update')).toEqual([])
  provider.behave({ person: { ...bea, email: 'bea.baum@example.com' } })
  await signIn(browser(), provider)
  expect(await words('user.update')).toEqual(['Changed bea’s name or e-mail, as House says'])

  provider.behave({ person: { ...bea, sub: 'anna-1' } })
  expect((await signIn(anna, provider, { purpose: 'link' })).statusCode).toBe(200)
  const seconds = Math.floor(Date.now() / 1_000)
  provider.behave({ claims: (claims) => ({ ...claims, auth_time: claims.iat ?? seconds }) })
  expect((await signIn(anna, provider, { purpose: 'again' })).statusCode).toBe(200)
  expect(await words('session.step_up')).toEqual(['Proved once more with House who they are'])
})
