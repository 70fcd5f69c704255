import { type SavedView, viewDelete, viewList, viewSave } from '@argos/contract'
import { expect, test } from 'vitest'
import { admin, type Client, clientOf, testPanel } from '../testing.ts'

async function twoPeople() {
  const { app, db } = await testPanel()
  const row = await db.selectFrom('user').selectAll().executeTakeFirstOrThrow()
  await db
    .insertInto('user')
    .values({ ...row, id: 'u_bea', username: 'bea', role: 'member' })
    .execute()
  const [anna, bea] = [clientOf(app), clientOf(app)]
  await anna.signIn()
  await bea.signIn({ ...admin, username: 'bea' })
  return { anna, bea }
}
const save = async (who: Client, body: Partial<SavedView>) => {
  const res = await who.call(viewSave, { page: 'hosts', query: 'q=nas', ...body })
  return { status: res.statusCode, body: res.json() }
}
const names = async (who: Client): Promise<string[]> => {
  const res = await who.send({ method: 'GET', url: `${viewList.path}?page=hosts` })
  return res.json<{ views: SavedView[] }>().views.map((view) => `${view.name}: ${view.query}`)
}
const drop = (who: Client, id: string) =>
  who.call({ ...viewDelete, path: viewDelete.path.replace(':id', id) })

test('views are kept in their order, renamed with their filters, and deleted', async () => {
  const { anna } = await twoPeople()
  const first = await save(anna, { name: ' Media ', query: 'tags=media' })
  expect(first).toMatchObject({ status: 200, body: { name: 'Media', page: 'hosts' } })
  await save(anna, { name: 'NAS' })
  await save(anna, { id: first.body.id, name: 'Television', query: 'tags=media&view=attention' })
  expect(await names(anna)).toEqual(['Television: tags=media&view=attention', 'NAS: q=nas'])
  expect((await drop(anna, first.body.id)).statusCode).toBe(204)
  expect((await drop(anna, first.body.id)).statusCode).toBe(204)
  expect(await names(anna)).toEqual(['NAS: q=nas'])
  expect(await save(anna, { id: first.body.id, name: 'Television' })).toMatchObject({ status: 404 })
})

test('each person has views of their own, which nobody else reads, changes or deletes', async () => {
  const { anna, bea } = await twoPeople()
  const { body } = await save(anna, { name: 'Media' })
  expect(await names(bea)).toEqual([])
  expect(await save(bea, { id: body.id, name: 'Mine now' })).toMatchObject({ status: 404 })
  expect((await drop(bea, body.id)).statusCode).toBe(204)
  expect(await names(anna)).toEqual(['Media: q=nas'])
  expect(await save(bea, { name: 'Media' }), 'the same name is free for another person').toMatchObject({
    status: 200,
  })
})

test('a name is given once, has a length, and there are not more views than fit', async () => {
  const { anna } = await twoPeople()
  await save(anna, { name: 'Media' })
  const fields = [{ path: 'name', message: 'You have a view named Media. Choose another name.' }]
  expect(await save(anna, { name: 'MEDIA' })).toMatchObject({ status: 409, body: { fields } })
  expect(await save(anna, { name: ' ' })).toMatchObject({ status: 400 })
  expect(await save(anna, { name: 'long', query: 'q'.repeat(501) })).toMatchObject({ status: 400 })
  for (let n = 1; n < 30; n += 1) await save(anna, { name: `view ${n}` })
  expect(await save(anna, { name: 'one more' })).toMatchObject({
    status: 409,
    body: { message: 'There are 30 views already. Delete one first.' },
  })
})
