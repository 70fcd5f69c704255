import { hostCreate } from '@argos/contract'
import { echo, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browse } from '../../support/edge.ts'
import { edit, remove, wanted } from '../../support/hosts.ts'

let stack: Stack
let one: Upstream
let two: Upstream
beforeAll(async () => {
  stack = await startStack()
  one = await echo('one')
  two = await echo('two')
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([one.close(), two.close()])
})

const served = async (name: string) => (await browse(stack, name)).headers['x-upstream']
const create = async (domains: string[], to: Upstream) =>
  (await stack.api.call(hostCreate, { body: wanted({ domains, to }) })).host

test('a name that a delete just freed can be published at once', async () => {
  for (let turn = 0; turn < 10; turn++) await remove(stack, (await create(['freed.example.test'], one)).id)
  await create(['freed.example.test'], two)
  await stack.inSync()
  expect(await served('freed.example.test')).toBe('two')
})

test('a name moves to another host in two edits without a wait between', async () => {
  const from = await create(['kept.example.test', 'moved.example.test'], one)
  const to = await create(['goal.example.test'], two)
  await edit(stack, from.id, () => ({ domains: ['kept.example.test'] }))
  await edit(stack, to.id, ({ domains }) => ({ domains: [...domains, 'moved.example.test'] }))
  await stack.inSync()
  expect(await served('moved.example.test')).toBe('two')
  expect(await served('kept.example.test')).toBe('one')
})
