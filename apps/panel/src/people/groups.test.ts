import {
  groupCreate,
  groupDelete,
  groupList,
  groupUpdate,
  type PersonGroup,
  userUpdate,
} from '@argos/contract'
import { expect, test } from 'vitest'
import { peopleBench } from './testing.ts'

async function bench() {
  const made = await peopleBench()
  const [ben, cleo] = [await made.user('ben'), await made.user('cleo')]
  const create = async (name: string, members: string[] = []) =>
    (await made.ask(groupCreate, { body: { name, members } })).json<{ group: PersonGroup }>().group
  const members = async (id: string) =>
    (await made.ask(groupList, {}))
      .json<{ groups: PersonGroup[] }>()
      .groups.find((g) => g.id === id)
      ?.members.map(({ username, source }) => `${username} ${source}`)
  return { ...made, ben, cleo, create, members }
}

test('a group has the members that it is given, and the edge asks anew about those who come or go', async () => {
  const { ask, ben, cleo, create, members, told, trail } = await bench()
  const family = await create('Family', [ben])
  expect(family.name).toBe('family')
  expect(told).toEqual([{ person: ben }])
  await ask(groupUpdate, { params: { id: family.id }, body: { members: [cleo] } })
  expect(told.slice(1)).toEqual([{ person: ben }, { person: cleo }])
  expect(await members(family.id)).toEqual(['cleo manual'])
  expect((await trail()).at(-1)?.words).toBe('Changed the group family: members are cleo')
  await ask(userUpdate, { params: { id: ben }, body: { groups: [family.id] } })
  expect(await members(family.id)).toEqual(['ben manual', 'cleo manual'])
  await ask(groupUpdate, { params: { id: family.id }, body: { name: 'home' } })
  expect(told.slice(-2)).toEqual([{ person: ben }, { person: cleo }])
  expect((await ask(groupDelete, { params: { id: family.id } })).json()).toEqual({ atOnce: true })
  expect(told.slice(-2)).toEqual([{ person: ben }, { person: cleo }])
  expect(await members(family.id)).toBeUndefined()
})

test('what a provider’s claim gave is not taken by hand', async () => {
  const { ask, ben, cleo, create, members, db } = await bench()
  const { id } = await create('family', [ben])
  const row = (user_id: string) => ({ group_id: id, user_id, source: 'oidc' as const })
  await db
    .insertInto('group_member')
    .values([row(ben), row(cleo)])
    .execute()
  await ask(groupUpdate, { params: { id }, body: { members: [] } })
  expect(await members(id)).toEqual(['ben oidc', 'cleo oidc'])
  await ask(userUpdate, { params: { id: cleo }, body: { groups: [] } })
  expect(await members(id)).toEqual(['ben oidc', 'cleo oidc'])
})

test('a group that a policy names is not deleted, and the list says which', async () => {
  const { ask, create, db, members } = await bench()
  const { id } = await create('family')
  const rules = JSON.stringify({ any: [{ who: 'these', people: [], groups: [id] }] })
  const policy = { id: 'o_1', name: 'Films', rules, version: 1, created_at: 0, updated_at: 0 }
  await db.insertInto('policy').values(policy).execute()
  const res = await ask(groupDelete, { params: { id } })
  expect([res.statusCode, res.json()]).toMatchObject([409, { message: expect.stringContaining('Films') }])
  expect(await members(id)).toEqual([])
  expect((await ask(groupList, {})).json()).toMatchObject({
    groups: [{ policies: [{ id: 'o_1', name: 'Films' }] }],
  })
})

test.each([
  ['a name that is taken', { name: 'FAMILY ' }, 409],
  ['a name with spaces', { name: 'the family' }, 400],
  ['a comma, which apps would read as two', { name: 'a,b' }, 400],
  ['somebody who is not there', { name: 'other', members: ['u_x'] }, 400],
])('%s is refused', async (_, body, status) => {
  const { ask, create } = await bench()
  await create('family')
  expect((await ask(groupCreate, { body })).statusCode).toBe(status)
})
