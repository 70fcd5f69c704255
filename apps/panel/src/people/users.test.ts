import {
  auditList,
  hostList,
  meView,
  type Operation,
  type User,
  userCreate,
  userDelete,
  userDisable,
  userEnable,
  userList,
  userRole,
  userSignOut,
  userUpdate,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { password, peopleBench } from './testing.ts'

const x = (id: string) => ({ params: { id } })
const people = async (bench: Awaited<ReturnType<typeof peopleBench>>) =>
  (await bench.ask(userList, {})).json<{ users: User[] }>().users

describe('accounts', () => {
  test('are made with name, role, e-mail and groups, and never told the password', async () => {
    const bench = await peopleBench()
    const made = await bench.ask(userCreate, {
      body: { username: 'Ben', password, displayName: ' Ben B. ', email: 'BEN@home.example' },
    })
    expect(made.statusCode).toBe(201)
    expect(made.json()).toMatchObject({
      user: {
        username: 'ben',
        displayName: 'Ben B.',
        email: 'ben@home.example',
        role: 'member',
        disabled: false,
        signsInWith: ['password'],
        secondFactor: false,
        sessions: 0,
        lastSeenAt: null,
      },
    })
    await bench.signedIn('ben')
    expect((await people(bench)).map(({ username, sessions }) => [username, sessions])).toEqual([
      ['anna', 1],
      ['ben', 1],
    ])
    const rows = JSON.stringify([
      await bench.trail(),
      await bench.db.selectFrom('user').selectAll().execute(),
    ])
    expect(rows).not.toContain(password)
    const [entry] = (await bench.trail()).filter(({ action }) => action === 'user.create').slice(-1)
    expect(entry?.words).toBe('Made an account for ben, as a member')
  })

  test.each([
    ['the name of somebody', { username: ' ANNA ' }, 409, 'username'],
    ['a short password', { password: 'short' }, 400, 'password'],
    ['an e-mail that is none', { email: 'ben' }, 400, 'email'],
    ['a group that is not there', { groups: ['g_x'] }, 400, 'groups.0'],
    ['a role that is none', { role: 'owner' as 'admin' }, 400, 'role'],
  ])('with %s are refused', async (_, wrong, status, field) => {
    const bench = await peopleBench()
    const res = await bench.ask(userCreate, { body: { username: 'ben', password, ...wrong } })
    expect(res.statusCode).toBe(status)
    expect(res.json<{ fields: { path: string }[] }>().fields.map(({ path }) => path)).toEqual([field])
    expect(await people(bench)).toHaveLength(1)
  })

  test('change name and e-mail, and the edge asks anew what apps are told', async () => {
    const bench = await peopleBench()
    const ben = await bench.user('ben')
    const other = await bench.user('cleo')
    const { ask: own } = await bench.signedIn('ben')
    const taken = await bench.ask(userUpdate, { ...x(ben), body: { username: 'cleo' } })
    expect(taken.statusCode).toBe(409)
    const called = await bench.ask(userUpdate, { ...x(ben), body: { displayName: 'B.' } })
    expect(called.json()).toMatchObject({ user: { displayName: 'B.' }, atOnce: true })
    expect(bench.told).toEqual([])
    const done = await bench.ask(userUpdate, {
      ...x(ben),
      body: { username: 'Benno', email: 'b@home.example' },
    })
    expect(done.json()).toMatchObject({ user: { username: 'benno', email: 'b@home.example' }, atOnce: true })
    expect(bench.told).toEqual([{ person: ben }])
    // The session goes on: it is of the account, not of its name.
    expect((await own(meView, {})).json()).toMatchObject({ user: { username: 'benno' } })
    expect((await bench.trail()).at(-1)?.words).toBe('Changed ben: is benno now, e-mail is b@home.example')
    expect((await bench.ask(userUpdate, { ...x(other), body: {} })).statusCode).toBe(200)
    expect(bench.told).toHaveLength(1)
  })

  test.each([
    [userUpdate, { body: { displayName: 'x' } }],
    [userRole, { body: { role: 'admin' } }],
    [userDisable, {}],
    [userEnable, {}],
    [userDelete, {}],
    [userSignOut, {}],
  ])('that are not there are 404: $id', async (op, more) => {
    const { ask } = await peopleBench()
    expect((await ask(op as Operation, { ...x('u_nobody'), ...more } as never)).statusCode).toBe(404)
  })
})

const ending = [
  { op: userDisable, more: {}, words: 'Disabled ben' },
  { op: userDelete, more: {}, words: 'Deleted ben' },
  { op: userSignOut, more: {}, words: 'Signed ben out of one session' },
  { op: userRole, more: { body: { role: 'admin' } }, words: 'Made ben an administrator' },
] as const

describe.each(['page', 'command line'] as const)('FA-19 SE-05 by the %s', (way) => {
  test.each(ending)(
    '$op.id ends all sessions before it answers, here and at the edge',
    async ({ op, more, words }) => {
      const bench = await peopleBench()
      const ben = await bench.user('ben')
      const { ask: own } = await bench.signedIn('ben')
      const left = async () =>
        (await bench.db.selectFrom('session').select('id').where('user_id', '=', ben).execute()).length
      const seen: number[] = []
      bench.during.look = async () => void seen.push(await left())
      expect(await left()).toBe(1)
      const send = way === 'page' ? bench.ask : bench.cli
      const res = await send(op as Operation, { ...x(ben), ...more } as never)
      expect([res.statusCode, res.json()]).toMatchObject([200, { atOnce: true }])
      // After the commit, before the answer.
      expect([bench.told, seen]).toEqual([[{ person: ben }], [0]])
      expect((await own(meView, {})).statusCode).toBe(401)
      expect((await bench.trail()).at(-1)).toMatchObject({
        words,
        actor_kind: way === 'page' ? 'user' : 'cli',
        subject_name: 'ben',
      })
    },
  )
})

test('FA-19 with the edge away it is done all the same, and the answer says that open ones last a little', async () => {
  const bench = await peopleBench()
  const ben = await bench.user('ben')
  await bench.edgeGoes()
  const res = await bench.ask(userDisable, x(ben))
  expect([res.statusCode, res.json()]).toMatchObject([200, { atOnce: false, user: { disabled: true } }])
  expect(
    await bench.db.selectFrom('meta').selectAll().where('key', 'like', '%evict%').execute(),
  ).toHaveLength(1)
})

test('somebody who was disabled and enabled again signs in anew', async () => {
  const bench = await peopleBench()
  const ben = await bench.user('ben')
  const { ask: own } = await bench.signedIn('ben')
  await bench.ask(userDisable, x(ben))
  await expect(bench.signedIn('ben')).rejects.toThrow('401')
  expect((await bench.ask(userEnable, x(ben))).json()).toMatchObject({ user: { disabled: false } })
  expect((await own(meView, {})).statusCode).toBe(401)
  expect((await bench.signedIn('ben', '198.51.100.1')).me.user.username).toBe('ben')
})

describe('the last administrator who can sign in without single sign-on', () => {
  const refused = [
    [userDisable, {}],
    [userDelete, {}],
    [userRole, { body: { role: 'member' } }],
  ] as const
  test.each(refused)('stays: $id', async (op, more) => {
    const bench = await peopleBench()
    const [anna] = await people(bench)
    const tried = async () => {
      const res = await bench.ask(op as Operation, { ...x(anna?.id ?? ''), ...more } as never)
      return res.statusCode
    }
    expect(await tried()).toBe(409)
    // Neither a disabled one, nor one who only signs in elsewhere, is another.
    const off = await bench.user('off', { role: 'admin' })
    await bench.ask(userDisable, x(off))
    const sso = await bench.user('sso', { role: 'admin' })
    await bench.db.updateTable('user').set({ password_hash: '' }).where('id', '=', sso).execute()
    await bench.user('member')
    expect(await tried()).toBe(409)
    expect(bench.told).toEqual([{ person: off }])
    await bench.user('second', { role: 'admin' })
    expect(await tried()).toBe(200)
  })

  test('two who take each other’s place at once are not both gone', async () => {
    const bench = await peopleBench()
    const [anna] = await people(bench)
    const second = await bench.user('second', { role: 'admin' })
    const { ask } = await bench.signedIn('second')
    const both = await Promise.all([bench.ask(userDelete, x(second)), ask(userDelete, x(anna?.id ?? ''))])
    expect(both.map(({ statusCode }) => statusCode).filter((status) => status === 200)).toHaveLength(1)
    expect(await bench.db.selectFrom('user').selectAll().execute()).toHaveLength(1)
  })
})

test('SE-09 a member sees and changes nothing of the panel', async () => {
  const bench = await peopleBench()
  const ben = await bench.user('ben')
  const { ask } = await bench.signedIn('ben')
  for (const [op, input] of [
    [hostList, {}],
    [auditList, {}],
    [userList, {}],
    [userRole, { ...x(ben), body: { role: 'admin' } }],
    [userCreate, { body: { username: 'mallory', password, role: 'admin' } }],
  ] as const)
    expect((await ask(op as Operation, input as never)).statusCode).toBe(403)
})
