import { echo, eventually, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDatabase } from '../../support/database.ts'
import { browse } from '../../support/edge.ts'
import { edit, editPool, live, publishMany, view } from '../../support/hosts.ts'

const HOSTS = 50
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const nameOf = (n: number) => `h${n}.example.test`
const answering = async () => {
  const names = Array.from({ length: HOSTS }, (_, n) => nameOf(n))
  const statuses = await Promise.all(names.map(async (name) => (await browse(stack, name)).status))
  return names.filter((_, n) => statuses[n] === 200).length
}

test(`CF-09 F1 F2 of ${HOSTS} hosts one is poisoned: all answer, it as it was last; later edits go live, and so does its cure`, async () => {
  const hosts = await publishMany(
    stack,
    Array.from({ length: HOSTS }, (_, n) => ({ domains: [nameOf(n)], to: upstream })),
  )
  const [poisoned, other] = [hosts[7], hosts[8]]
  if (!poisoned || !other) throw new Error('hosts are missing')

  // As if an older version had let it through: the form refuses it, the file does not.
  await stack.kill('panel')
  withDatabase(stack, (db) => {
    const bad = JSON.stringify([{ address: '169.254.169.254', port: 80, weight: 1, enabled: true }])
    db.prepare('update pool set targets = ?, version = version + 1 where id = ?').run(bad, poisoned.poolId)
    db.prepare(
      "insert into change (at, actor_kind, actor_name, words, hosts) values (?, 'user', 'admin', ?, ?)",
    ).run(Date.now(), '["Poisoned it"]', JSON.stringify([poisoned.id]))
  })
  stack.start('panel')
  await stack.reachable()
  const refused = await eventually('the poison is named', async () => {
    const host = await view(stack, poisoned.id)
    return host.state.edge === 'refused' ? host : null
  })
  expect(refused.state.trouble).toMatchObject({
    message: expect.stringContaining('169.254.169.254'),
    field: 'pool.targets[0].address',
  })
  expect(await answering()).toBe(HOSTS)

  await edit(stack, other.id, ({ domains }) => ({ domains: [...domains, 'later.example.test'] }))
  await live(stack, other.id)
  expect((await browse(stack, 'later.example.test')).status).toBe(200)
  // Even an edge that starts anew serves all of them.
  await stack.restart('edge').catch(() => undefined)
  await eventually('all answer again', async () => (await answering()) === HOSTS)

  await editPool(stack, poisoned.poolId, () => ({
    targets: [{ address: '127.0.0.1', port: upstream.port, weight: 1, enabled: true }],
  }))
  const cured = await live(stack, poisoned.id)
  expect(cured.state.trouble).toBe(null)
  expect(await answering()).toBe(HOSTS)
})
