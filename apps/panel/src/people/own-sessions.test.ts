import { meUpdate, meView, sessionEnd, sessionEndOthers, sessionList } from '@argos/contract'
import { expect, test } from 'vitest'
import { peopleBench } from './testing.ts'

async function bench() {
  const made = await peopleBench()
  await made.user('ben')
  const [here, there] = [await made.signedIn('ben'), await made.signedIn('ben', '203.0.113.44')]
  return { ...made, here, there }
}

test('SE-07 another person’s session is not there to be ended, whoever asks', async () => {
  const { anna, ask, here, told, trail } = await bench()
  const own = (await ask(meView, {})).json<{ session: { id: string } }>().session.id
  for (const id of [own, 's_nothing']) {
    const res = await here.ask(sessionEnd, { params: { id } })
    expect([res.statusCode, res.json()]).toMatchObject([404, { code: 'not_found' }])
  }
  // An administrator ends them by signing the person out, not one by one.
  expect((await ask(sessionEnd, { params: { id: here.me.session.id } })).statusCode).toBe(404)
  expect((await here.ask(meView, {})).statusCode).toBe(200)
  expect((await anna.send({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(200)
  expect(told).toEqual([])
  expect((await trail()).map(({ action }) => action)).not.toContain('session.end')
})

test('SE-07 FA-19 one’s own ends before the answer, here and at every host', async () => {
  const { here, there, told } = await bench()
  const res = await here.ask(sessionEnd, { params: { id: there.me.session.id } })
  expect([res.statusCode, res.json()]).toEqual([200, { atOnce: true }])
  expect(told).toEqual([{ session: there.me.session.id }])
  expect((await there.ask(meView, {})).statusCode).toBe(401)
  expect((await here.ask(sessionEnd, { params: { id: there.me.session.id } })).statusCode).toBe(404)
  const list = await here.ask(sessionList, {})
  expect(list.json()).toMatchObject({
    sessions: [{ id: here.me.session.id, current: true, method: 'password' }],
  })
  expect(list.body).not.toMatch(/[0-9a-f]{64}/)
})

test('all but this one end', async () => {
  const { here, there, told, ask } = await bench()
  expect((await here.ask(sessionEndOthers, {})).json()).toEqual({ ended: 1, atOnce: true })
  expect(told).toEqual([{ session: there.me.session.id }])
  expect((await there.ask(meView, {})).statusCode).toBe(401)
  expect((await here.ask(meView, {})).statusCode).toBe(200)
  expect((await ask(meView, {})).statusCode).toBe(200)
})

test('people say how they are called; name, role and e-mail are not theirs to change', async () => {
  const { here } = await bench()
  const body = { displayName: 'Benno', role: 'admin', email: 'anna@home.example', username: 'root' }
  expect((await here.ask(meUpdate, { body })).json()).toMatchObject({
    user: { displayName: 'Benno', role: 'member', email: '', username: 'ben' },
  })
})
