import {
  invitationAccept,
  invitationDelete,
  invitationList,
  invitationOpen,
  login,
  type Me,
  meView,
  passwordChange,
  resetFinish,
  resetOpen,
  userResetLink,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf, throughEdge } from '../testing.ts'
import { asking, password, peopleBench } from './testing.ts'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR

async function bench() {
  const made = await peopleBench()
  const stranger = (address = '198.51.100.7') =>
    asking(clientOf(made.app, { ...throughEdge, 'x-argos-client': address }))
  const accept = (token: string, username = 'ben') =>
    stranger()(invitationAccept, { body: { token, username, password } })
  const users = async () =>
    (await made.db.selectFrom('user').select(['username', 'role']).orderBy('username').execute()).map(
      ({ username, role }) => `${username} ${role}`,
    )
  const resetLink = async (id: string) =>
    (await made.ask(userResetLink, { params: { id } })).json<{ token: string; path: string }>()
  return { ...made, stranger, accept, users, resetLink }
}

describe('an invitation', () => {
  test('makes one account, in its role and groups, signs it in, and is worth nothing afterwards', async () => {
    const { invitation, accept, stranger, users, db, ask, trail } = await bench()
    await db.insertInto('person_group').values({ id: 'g_1', name: 'family', created_at: 0 }).execute()
    const { link } = await invitation({ groups: ['g_1'], email: 'ben@home.example' })
    expect(link.path).toBe(`/invitation#token=${link.token}`)
    expect((await stranger()(invitationOpen, { body: { token: link.token } })).json()).toMatchObject({
      role: 'member',
      email: 'ben@home.example',
      createdBy: 'anna',
    })
    const res = await accept(link.token)
    expect(res.statusCode).toBe(201)
    expect(res.json<Me>().user).toMatchObject({ username: 'ben', role: 'member', email: 'ben@home.example' })
    expect(res.cookies[0]?.name).toBe('__Host-panel')
    expect(await db.selectFrom('group_member').selectAll().execute()).toMatchObject([{ group_id: 'g_1' }])
    for (const again of [
      accept(link.token, 'mallory'),
      stranger()(invitationOpen, { body: { token: link.token } }),
    ])
      expect((await again).statusCode).toBe(403)
    expect(await users()).toEqual(['anna admin', 'ben member'])
    expect((await ask(invitationList, {})).json()).toMatchObject({ invitations: [{ usedBy: 'ben' }] })
    expect((await trail()).map(({ words }) => words)).toContain(
      'Made their account with an invitation by anna, as a member',
    )
  })

  test('lasts seven days, to the second, and ends when it is taken back', async () => {
    const { invitation, accept, clock, ask, users } = await bench()
    const [late, early, back] = [await invitation(), await invitation(), await invitation()]
    await ask(invitationDelete, { params: { id: back.invitation.id } })
    expect((await accept(back.link.token)).statusCode).toBe(403)
    clock.advance(7 * DAY - 1_000)
    expect((await accept(early.link.token)).statusCode).toBe(201)
    clock.advance(1_000)
    expect((await accept(late.link.token, 'mallory')).statusCode).toBe(403)
    expect(await users()).toEqual(['anna admin', 'ben member'])
  })

  test('of many that use it at once, one makes an account', async () => {
    const { invitation, accept, users } = await bench()
    const { link } = await invitation({ role: 'admin' })
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => accept(link.token, `user-${name}`)))
    expect(all.map(({ statusCode }) => statusCode).sort()).toEqual([201, 403, 403, 403, 403])
    expect(await users()).toHaveLength(2)
  })

  test('with a name that is taken stays open, and the role is the link’s, not the visitor’s', async () => {
    const { invitation, accept, stranger, users } = await bench()
    const { link } = await invitation()
    expect((await accept(link.token, 'anna')).statusCode).toBe(409)
    const body = { token: link.token, username: 'ben', password, role: 'admin', groups: ['g_1'] }
    expect((await stranger()(invitationAccept, { body })).statusCode).toBe(201)
    expect(await users()).toEqual(['anna admin', 'ben member'])
  })
})

describe('a link to set a password', () => {
  test('SE-05 sets it once, ends all sessions, and signs nobody in', async () => {
    const { user, signedIn, resetLink, stranger, told, app, db } = await bench()
    const ben = await user('ben')
    const before = await signedIn('ben')
    const link = await resetLink(ben)
    expect(link.path).toBe(`/reset#token=${link.token}`)
    expect((await stranger()(resetOpen, { body: { token: link.token } })).json()).toMatchObject({
      username: 'ben',
    })
    expect((await before.ask(meView, {})).statusCode).toBe(200)
    const body = { token: link.token, password: 'a new password' }
    const done = await stranger()(resetFinish, { body })
    expect([done.statusCode, done.json(), done.cookies]).toEqual([200, { username: 'ben', atOnce: true }, []])
    expect(told).toEqual([{ person: ben }])
    expect((await before.ask(meView, {})).statusCode).toBe(401)
    expect((await stranger()(resetFinish, { body })).statusCode).toBe(403)
    await expect(signedIn('ben')).rejects.toThrow('401')
    await clientOf(app).signIn({ username: 'ben', password: 'a new password' })
    expect(await db.selectFrom('password_reset').selectAll().execute()).toEqual([])
  })

  test('lasts an hour, to the second; a newer one ends it', async () => {
    const { user, resetLink, stranger, clock } = await bench()
    const ben = await user('ben')
    const set = (token: string) => stranger()(resetFinish, { body: { token, password: 'a new password' } })
    const first = await resetLink(ben)
    const second = await resetLink(ben)
    expect((await set(first.token)).statusCode).toBe(403)
    clock.advance(HOUR - 1_000)
    expect((await stranger()(resetOpen, { body: { token: second.token } })).statusCode).toBe(200)
    clock.advance(1_000)
    expect((await set(second.token)).statusCode).toBe(403)
  })

  test('lets its owner in who was kept out by others’ guesses, and forgets what browsers were known', async () => {
    const { user, resetLink, stranger, db, signedIn } = await bench()
    const ben = await user('ben')
    await signedIn('ben')
    for (let n = 0; n < 12; n++)
      await stranger(`198.51.100.${n + 10}`)(login, { body: { username: 'ben', password: 'wrong' } })
    const { token } = await resetLink(ben)
    await stranger()(resetFinish, { body: { token, password: 'a new password' } })
    expect(await db.selectFrom('known_device').selectAll().where('user_id', '=', ben).execute()).toEqual([])
    const res = await stranger()(login, { body: { username: 'ben', password: 'a new password' } })
    expect(res.statusCode).toBe(200)
  })

  test('by the command line works the same, and the trail says so', async () => {
    const { user, cli, stranger, trail } = await bench()
    const ben = await user('ben')
    const made = await cli(userResetLink, { params: { id: ben } })
    expect(made.statusCode).toBe(201)
    expect((await trail()).at(-1)).toMatchObject({ action: 'user.reset_link', actor_kind: 'cli' })
    const { token } = made.json<{ token: string }>()
    expect((await stranger()(resetFinish, { body: { token, password: 'a new password' } })).statusCode).toBe(
      200,
    )
  })
})

test('SE-04 the database keeps hashes of links alone', async () => {
  const { invitation, user, resetLink, db } = await bench()
  const tokens = [(await invitation()).link.token, (await resetLink(await user('ben'))).token]
  const rows = JSON.stringify([
    await db.selectFrom('invitation').selectAll().execute(),
    await db.selectFrom('password_reset').selectAll().execute(),
    await db.selectFrom('audit').selectAll().execute(),
    await db.selectFrom('outbox').selectAll().execute(),
  ])
  for (const token of tokens) {
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(rows).not.toContain(token)
  }
})

describe('SE-05 changing one’s own password', () => {
  test('wants the present one, ends all other sessions and goes on in this one', async () => {
    const { user, signedIn, told, app } = await bench()
    await user('ben')
    const [here, there] = [await signedIn('ben'), await signedIn('ben', '203.0.113.44')]
    const change = (current: string) =>
      here.ask(passwordChange, { body: { current, password: 'a new password' } })
    const wrong = await change('wrong')
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { fields: [{ path: 'current' }] }])
    expect((await there.ask(meView, {})).statusCode).toBe(200)
    const done = await change(password)
    expect([done.statusCode, done.json()]).toMatchObject([
      200,
      { atOnce: true, me: { user: { username: 'ben' } } },
    ])
    expect(told).toEqual([{ session: there.me.session.id }])
    expect((await there.ask(meView, {})).statusCode).toBe(401)
    expect((await here.ask(meView, {})).statusCode).toBe(200)
    await clientOf(app).signIn({ username: 'ben', password: 'a new password' })
    await expect(signedIn('ben')).rejects.toThrow('401')
  })

  test('is no way in for who has none', async () => {
    const { user, signedIn, db } = await bench()
    const ben = await user('ben')
    const { ask } = await signedIn('ben')
    await db.updateTable('user').set({ password_hash: '' }).where('id', '=', ben).execute()
    const res = await ask(passwordChange, { body: { current: '', password: 'a new password' } })
    expect(res.statusCode).toBe(409)
  })
})
