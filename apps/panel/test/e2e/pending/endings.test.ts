import {
  auditList,
  auditVerify,
  type Host,
  hostDelete,
  hostList,
  hostUpdate,
  pendingExtend,
  pendingKeep,
  pendingReturn,
  pendingView,
  revisionList,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import { ApiRefusal, echo, eventually, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { databaseFaults } from '../../support/database.ts'
import { browse, edgeState } from '../../support/edge.ts'
import { edit, inputOf, publish, view } from '../../support/hosts.ts'
import { over, soon, timed, until, untouched, WITHIN_S } from '../../support/waiting.ts'

let stack: Stack
let upstream: Upstream
let fresh = 0
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  for (const name of ['one', 'two', 'three', 'four']) await host(`${name}.example.test`)
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})
afterEach(async () => {
  await stack.inSync()
  expect(databaseFaults(stack)).toEqual([])
})

const host = (name = `fresh-${++fresh}.example.test`) => publish(stack, { domains: [name], to: upstream })
const status = async (name: string) => (await browse(stack, name)).status
const deleteTimed = async ({ id }: Host, query: { confirmS: number } = timed): Promise<string> => {
  const { saved } = await stack.api.call(hostDelete, { params: { id }, query })
  expect(saved).toMatchObject({ live: false, pending: expect.any(String) })
  return saved.pending ?? ''
}
const newest = async () => (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions[0]
const exists = async ({ id }: Host) =>
  (await stack.api.call(hostList, {})).hosts.some((known) => known.id === id)
const refused = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (err: unknown) => (err instanceof ApiRefusal ? err.problem : err),
  )

describe('a change that waits to be kept', () => {
  test('is live for now with every promise tested; kept, it has the revision it had and outlives the edge', async () => {
    const gone = await host()
    const others = await untouched(stack, [gone.id])
    const before = (await newest())?.number
    const id = await deleteTimed(gone)
    const waits = await until(stack, 'waiting')
    expect(waits).toMatchObject({ id, previous: before, withinS: WITHIN_S, extended: false, untouched: 4 })
    expect(waits.touched).toEqual([{ id: gone.id, name: gone.domains[0] }])
    const same = [expect.stringMatching(/answers as before$/), 'kept']
    expect(waits.promises.map((p) => [p.words, p.state])).toEqual([
      [`${gone.domains[0]} is not served any more`, 'kept'],
      ...[same, same, same],
    ])
    expect(await status(gone.domains[0] ?? '')).toBe(404)
    expect(await newest()).toMatchObject({ number: waits.revision, outcome: 'pending' })

    const { saved } = await stack.api.call(pendingKeep, { params: { id } })
    expect(saved).toMatchObject({ live: true, pending: null })
    expect(await newest()).toMatchObject({ number: waits.revision, outcome: 'live', error: null })
    const { entries } = await stack.api.call(auditList, { query: { limit: 1 } })
    expect(entries[0]).toMatchObject({ action: 'change.keep', actor: { name: 'admin' } })
    // Asked once more, nothing else happens.
    expect((await stack.api.call(pendingKeep, { params: { id } })).saved.live).toBe(true)
    await stack.restart('edge')
    expect(await status(gone.domains[0] ?? '')).toBe(404)
    expect(await exists(gone)).toBe(false)
    expect(await untouched(stack, [])).toEqual(others)
  })

  test('F32 put back: exactly what it changed is as it was, here and at the edge', async () => {
    const renamed = await host()
    const [name = ''] = renamed.domains
    const others = await untouched(stack, [renamed.id])
    const body = { ...inputOf(renamed), domains: [`also.${name}`], version: renamed.version }
    const { saved } = await stack.api.call(hostUpdate, { params: { id: renamed.id }, query: timed, body })
    const id = saved.pending ?? ''
    await until(stack, 'waiting')
    expect([await status(name), await status(`also.${name}`)]).toEqual([404, 200])
    await stack.api.call(pendingReturn, { params: { id } })
    await stack.inSync()
    expect([await status(name), await status(`also.${name}`)]).toEqual([200, 404])
    const back = await view(stack, renamed.id)
    expect(inputOf(back)).toEqual(inputOf(renamed))
    // An editor that was open on the change notices.
    expect(back.version).toBeGreaterThan(renamed.version)
    expect(await untouched(stack, [renamed.id])).toEqual(others)
    expect(await newest()).toMatchObject({ outcome: 'returned', error: 'admin put it back.' })
    expect(await refused(stack.api.call(pendingKeep, { params: { id } }))).toMatchObject({
      code: 'conflict',
      message: 'It went back before it was kept: admin put it back.',
    })
  })

  test('that nobody keeps goes back by itself, and says so', async () => {
    const deleted = await host()
    const others = await untouched(stack, [deleted.id])
    const { etag } = await edgeState(stack)
    const id = await deleteTimed(deleted, soon)
    await until(stack, 'waiting')
    const reason = 'Nobody kept it within 10 s.'
    expect(await over(stack, id)).toMatchObject({ outcome: 'returned', reason })
    await stack.inSync()
    expect((await edgeState(stack)).etag).toBe(etag)
    expect(inputOf(await view(stack, deleted.id))).toEqual(inputOf(deleted))
    expect(await status(deleted.domains[0] ?? '')).toBe(200)
    expect(await untouched(stack, [deleted.id])).toEqual(others)
    expect(await newest()).toMatchObject({ outcome: 'returned', error: reason })
  })

  test('whose promise breaks goes back at once, and names it', async () => {
    const { settings, version } = await stack.api.call(settingsView, {})
    // Nobody gives a certificate for that name: whoever goes there next would find no panel.
    const acmeDirectory = `https://127.0.0.1:${upstream.port}/directory`
    const moved = { ...settings, panelDomain: 'argos.example.test', panelTls: 'auto' as const, acmeDirectory }
    const { saved } = await stack.api.call(settingsUpdate, {
      query: timed,
      body: { settings: moved, version },
    })
    const ended = await over(stack, saved.pending ?? '')
    expect(ended).toMatchObject({ outcome: 'returned' })
    expect(ended.reason).toMatch(/^A promise does not hold: The panel answers at argos\.example\.test\./)
    await stack.inSync()
    expect((await stack.api.call(settingsView, {})).settings).toEqual(settings)
  })

  test('of the panel’s own name is kept once the panel was seen there', async () => {
    const { settings, version } = await stack.api.call(settingsView, {})
    const moved = { ...settings, panelDomain: 'argos.example.test', panelTls: 'internal' as const }
    const { saved } = await stack.api.call(settingsUpdate, {
      query: timed,
      body: { settings: moved, version },
    })
    const waits = await until(stack, 'waiting')
    expect(waits.promises.find((p) => p.words === 'The panel answers at argos.example.test')).toMatchObject({
      state: 'kept',
    })
    await stack.api.call(pendingKeep, { params: { id: saved.pending ?? '' } })
    await stack.inSync()
    const there = await browse(stack, 'argos.example.test', { tls: true, path: '/healthz' })
    expect(there.status).toBe(200)
  })

  test('lets other changes be saved, which go live after it however it ends', async () => {
    for (const ending of [pendingKeep, pendingReturn]) {
      const [gone, other] = [await host(), await host()]
      const id = await deleteTimed(gone)
      await until(stack, 'waiting')
      const later = await edit(stack, other.id, ({ domains }) => ({
        domains: [...domains, `late.${domains[0]}`],
      }))
      expect(later.saved).toMatchObject({ live: false, pending: null })
      expect(later.host.state.edge).toBe('applying')
      expect((await stack.api.call(pendingView, {})).queued).toBe(1)
      expect(await status(`late.${other.domains[0]}`)).toBe(404)
      await stack.api.call(ending, { params: { id } })
      await stack.inSync()
      expect(await status(`late.${other.domains[0]}`)).toBe(200)
      expect(await exists(gone)).toBe(ending === pendingReturn)
      expect((await newest())?.hosts.map((h) => h.id)).toEqual([other.id])
    }
  })

  test('can be given five minutes, once', async () => {
    const gone = await host()
    const id = await deleteTimed(gone)
    const waits = await until(stack, 'waiting')
    const extended = await stack.api.call(pendingExtend, { params: { id } })
    expect(extended.extended).toBe(true)
    expect((extended.deadline ?? 0) - (waits.deadline ?? 0)).toBeGreaterThan(200_000)
    expect(await refused(stack.api.call(pendingExtend, { params: { id } }))).toMatchObject({
      code: 'conflict',
    })
    await stack.api.call(pendingReturn, { params: { id } })
    expect(await exists(gone)).toBe(true)
  })

  test('is put back at any moment, also while it is on its way or being tested', async () => {
    for (let i = 0; i < 5; i++) {
      const gone = await host()
      const id = await deleteTimed(gone)
      await eventually('it is put back', async () => {
        const answer = await refused(stack.api.call(pendingReturn, { params: { id } }))
        return answer === null
      })
      expect(await exists(gone)).toBe(true)
      await stack.inSync()
      expect(await status(gone.domains[0] ?? '')).toBe(200)
    }
    expect(await stack.api.call(auditVerify, {})).toMatchObject({ ok: true })
  })
})
