import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyBench, type Bench, deleteHost, saveHost } from '../apply/testing.ts'
import { NotSeen } from '../apply/visit.ts'
import type { Actor } from '../audit/actor.ts'
import { auditService } from '../audit/audit.service.ts'
import { type PendingService, pendingService } from './pending.service.ts'

let bench: Bench
let pending: PendingService
const ada: Actor = { kind: 'user', id: 'u_1', name: 'ada', address: '127.0.0.1' }
beforeEach(async () => {
  bench = await applyBench()
  for (const id of ['h_a', 'h_b']) await saveHost(bench.db, id)
  await bench.pass()
  const { room, db, clock } = bench
  // As the driver does.
  room.workers[2].wake?.addEventListener('wake', () => void bench.lead())
  pending = pendingService({
    ...{ db, clock, apply: room.apply, control: room.pending, waitMs: 500 },
    audit: auditService({ db, clock }),
  })
})
afterEach(() => bench.close())

const deleted = async (): Promise<string> => {
  bench.sights['h-a.example.com'] = new NotSeen('the TLS handshake was refused', 'tls')
  await deleteHost(bench.db, 'h_a', 60)
  await bench.lead()
  return (await pending.view()).pending?.id ?? ''
}
const never = { last: null, pending: null, queued: 0 }

test('the view has all a page shows: who, what, for how long, and what was promised', async () => {
  expect(await pending.view()).toEqual(never)
  const id = await deleted()
  await saveHost(bench.db, 'h_c')
  const { pending: waits, queued } = await pending.view()
  expect(queued).toBe(1)
  expect(waits).toMatchObject({
    ...{ id, state: 'waiting', withinS: 60, extended: false, words: ['Deleted h_a'] },
    actor: { kind: 'user', name: 'ada' },
    touched: [{ id: 'h_a', name: 'h_a' }],
    untouched: 2,
    deadline: bench.clock.now() + 60_000,
  })
  expect(waits?.promises.map((p) => p.state)).toEqual(['kept', 'kept'])
})

test('keep answers once it is kept; asked again it says so again, and it cannot be put back any more', async () => {
  const id = await deleted()
  const generation = (await pending.view()).pending?.generation
  expect(await pending.keep(ada, id)).toEqual({ generation, live: true, pending: null })
  expect(await pending.view()).toMatchObject({ pending: null, last: { id, outcome: 'kept' } })
  expect(await pending.keep(ada, id)).toMatchObject({ live: true })
  await expect(pending.putBack(ada, id)).rejects.toMatchObject({ code: 'conflict' })
  await expect(pending.keep(ada, 'c_other')).rejects.toMatchObject({ code: 'not_found' })
})

test('put back answers once it is back; asked again it says so again, and it cannot be kept any more', async () => {
  const id = await deleted()
  await pending.putBack(ada, id)
  expect(await pending.view()).toMatchObject({
    last: { outcome: 'returned', reason: 'ada put it back.' },
  })
  await pending.putBack(ada, id)
  await expect(pending.keep(ada, id)).rejects.toMatchObject({
    code: 'conflict',
    message: 'It went back before it was kept: ada put it back.',
  })
})

test('a decision that the edge does not answer stands, and is said to be open', async () => {
  const id = await deleted()
  bench.edge.wordFaults = [{ kind: 'hang', taken: false }]
  const answer = pending.keep(ada, id)
  // Nobody drives the worker again: it is as if the edge went on not to answer.
  expect(await answer).toMatchObject({ live: false, pending: id })
  await expect(pending.putBack(ada, id)).rejects.toMatchObject({
    code: 'conflict',
    message: 'It is being kept already.',
  })
})

test('keep has to wait until the promises are tested', async () => {
  const id = await deleted()
  await bench.db.updateTable('pending').set({ state: 'testing' }).execute()
  await expect(pending.keep(ada, id)).rejects.toMatchObject({ code: 'conflict' })
})

test('the deadline can be put off once, and who did it is written down', async () => {
  const id = await deleted()
  const generation = (await pending.view()).pending?.generation
  expect(await pending.extend(ada, id)).toMatchObject({
    extended: true,
    deadline: bench.clock.now() + 300_000,
  })
  await expect(pending.extend(ada, id)).rejects.toMatchObject({ code: 'conflict' })
  await expect(pending.extend(ada, 'c_other')).rejects.toMatchObject({ code: 'not_found' })
  const entries = await bench.db
    .selectFrom('audit')
    .select(['actor_name', 'subject_id', 'words'])
    .where('action', '=', 'change.extend')
    .execute()
  expect(entries).toEqual([
    { actor_name: 'ada', subject_id: `${generation}`, words: 'Put off the deadline of “Deleted h_a”' },
  ])
})
