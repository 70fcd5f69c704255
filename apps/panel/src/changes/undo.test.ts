import { describe, expect, test } from 'vitest'
import { aHost, aPool, everything, formOf, noor, testHosts } from '../hosts/testing.ts'
import { newest, revisionAt, state, two } from './testing.ts'

describe('undo', () => {
  test('of a deletion brings the host back under its id, with its pool and its names', async () => {
    const t = await two()
    const before = await state(t)
    await t.hosts.remove(noor, t.host.id)
    const { generation } = await newest(t)
    const { words, saved } = await t.changes.undo(noor, generation)
    expect(words).toEqual(['Undid “Deleted media.home.example and its pool media”'])
    expect(saved).toMatchObject({ live: true, pending: null })
    expect(await state(t)).toEqual(before)
  })
  test('of a new host takes it and its pool away, and of that brings both again', async () => {
    const t = await testHosts()
    const empty = await state(t)
    await t.hosts.create(noor, aHost())
    const made = await state(t)
    await t.changes.undo(noor, (await newest(t)).generation)
    expect(await state(t)).toEqual(empty)
    await t.changes.undo(noor, (await newest(t)).generation)
    expect(await state(t)).toEqual(made)
  })
  test('of an edit touches nothing that was changed since beside it', async () => {
    const t = await two()
    await t.hosts.update(noor, t.host.id, { ...formOf(t.host), tls: 'none' })
    const { generation } = await newest(t)
    await t.hosts.update(noor, t.other.id, { ...formOf(t.other), note: 'kept' })
    await t.changes.undo(noor, generation)
    expect((await t.hosts.view(t.host.id)).tls).toBe('auto')
    expect((await t.hosts.view(t.other.id)).note).toBe('kept')
  })
  test('is refused when something of it was changed again, naming by what', async () => {
    const t = await two()
    await t.hosts.update(noor, t.host.id, { ...formOf(t.host), tls: 'none' })
    const { generation } = await newest(t)
    const now = await t.hosts.view(t.host.id)
    await t.hosts.update(noor, t.host.id, { ...formOf(now), note: 'again' })
    const number = await revisionAt(t, generation + 1)
    const before = await everything(t.db)
    const message = `It was changed again since by r${number}: Changed media.home.example: note.`
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({ code: 'conflict', message })
    expect((await t.previews.of({ kind: 'undo', generation })).blocked).toBe(message)
    const shown = (await t.changes.list({ limit: 10 })).changes.find((c) => c.generation === generation)
    expect(shown?.noUndo).toBe(message)
    expect(await everything(t.db)).toBe(before)
  })
  test('is refused when its name belongs to somebody else by now', async () => {
    const t = await two()
    await t.hosts.remove(noor, t.host.id)
    const { generation } = await newest(t)
    await t.hosts.create(noor, aHost())
    const before = await everything(t.db)
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({
      code: 'conflict',
      message: 'media.home.example belongs to media.home.example now. Free the name first.',
    })
    expect(await everything(t.db)).toBe(before)
  })
  test('is refused when the panel has the name by now, and the panel keeps it', async () => {
    const t = await two()
    await t.hosts.remove(noor, t.host.id)
    const { generation } = await newest(t)
    const { settings, version } = await t.settings.view()
    const moved = { ...settings, panelDomain: 'media.home.example' }
    await t.settings.update(noor, { settings: moved, version })
    const before = await everything(t.db)
    const message = "media.home.example is the panel's own name by now. Give the panel another one first."
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({ code: 'conflict', message })
    expect((await t.previews.of({ kind: 'undo', generation })).blocked).toBe(message)
    expect(await everything(t.db)).toBe(before)
  })
  test('asks how things are: what was changed and changed back since is undone', async () => {
    const t = await two()
    await t.hosts.update(noor, t.host.id, { ...formOf(t.host), note: 'one' })
    const { generation } = await newest(t)
    await t.hosts.remove(noor, t.host.id)
    await t.changes.undo(noor, (await newest(t)).generation)
    await t.changes.undo(noor, generation)
    expect((await t.hosts.view(t.host.id)).note).toBe('')
  })
  test('CF-15 is refused when what comes back leads where nothing may lead by now', async () => {
    let leads = ['192.168.1.20']
    const t = await testHosts({ resolve: async () => leads })
    const upstream = {
      pool: aPool({ targets: [{ address: 'nas.home.example', port: 80, weight: 1, enabled: true }] }),
    }
    const { host } = await t.hosts.create(noor, aHost({ upstream }))
    const number = await revisionAt(t, (await newest(t)).generation)
    await t.hosts.remove(noor, host.id)
    const { generation } = await newest(t)
    leads = ['169.254.169.254']
    const before = await everything(t.db)
    const refused = {
      code: 'conflict',
      message: expect.stringMatching(/cannot come back as it was: .*metadata/),
    }
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject(refused)
    await expect(t.changes.restore(noor, number)).rejects.toMatchObject(refused)
    const intents = [
      { kind: 'undo', generation },
      { kind: 'restore', revision: number },
    ] as const
    for (const intent of intents) expect((await t.previews.of(intent)).blocked).toEqual(refused.message)
    expect(await everything(t.db)).toBe(before)
    leads = ['192.168.1.20']
    await t.changes.undo(noor, generation)
    expect(await t.hosts.view(host.id)).toMatchObject({ id: host.id })
  })
  test('SS-01 is refused when the authority that comes back leads where nothing may be called by now', async () => {
    let leads = ['192.168.1.20']
    const t = await testHosts({ resolve: async () => leads })
    const use = async (acmeDirectory: string) => {
      const { settings, version } = await t.settings.view()
      await t.settings.update(noor, { settings: { ...settings, acmeDirectory }, version })
    }
    await use('https://ca.home.example/directory')
    await use('')
    const { generation } = await newest(t)
    leads = ['169.254.169.254']
    const message = expect.stringMatching(/^The settings cannot come back as they were: ca\.home\.example/)
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({ code: 'conflict', message })
    expect((await t.previews.of({ kind: 'undo', generation })).blocked).toEqual(message)
    expect((await t.settings.view()).settings.acmeDirectory).toBe('')
    leads = ['192.168.1.20']
    await t.changes.undo(noor, generation)
    expect((await t.settings.view()).settings.acmeDirectory).toBe('https://ca.home.example/directory')
  })
  test('is refused when it brings names back that no form would take today', async () => {
    const t = await two()
    await t.hosts.update(noor, t.host.id, { ...formOf(t.host), note: 'x' })
    const { generation } = await newest(t)
    await t.db
      .updateTable('change_object')
      .set((e) => ({ before: e.fn('json_set', ['before', e.val('$.domains[0]'), e.val('*.home.example')]) }))
      .where('generation', '=', generation)
      .execute()
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/needs a DNS challenge/),
    })
  })
  test('is told to those who listen as any other change', async () => {
    const t = await two()
    const told = async () =>
      (await t.db.selectFrom('outbox').select(['type', 'data']).orderBy('id').execute())
        .map(({ type, data }) => [type, JSON.parse(data)])
        .slice(2)
    await t.hosts.remove(noor, t.host.id)
    await t.changes.undo(noor, (await newest(t)).generation)
    await t.changes.undo(noor, 1)
    const data = { hostId: t.host.id, name: 'media.home.example' }
    expect(await told()).toEqual([
      ['host.deleted', data],
      ['host.published', data],
      ['host.deleted', data],
    ])
  })
  test('is in the audit, and a change nobody kept the settings of says so', async () => {
    const t = await two()
    await t.hosts.remove(noor, t.host.id)
    const { generation } = await newest(t)
    await t.changes.undo(noor, generation)
    const { entries } = await t.audit.list({ limit: 1 })
    expect(entries[0]).toMatchObject({
      action: 'change.undo',
      subject: { kind: 'change', id: String(generation) },
    })
    await t.db.deleteFrom('change_object').where('generation', '=', 1).execute()
    await expect(t.changes.undo(noor, 1)).rejects.toMatchObject({
      message: 'It was kept without its settings, by an older Argos.',
    })
  })
})

test('a restored revision is the state of that moment, whatever was done since, and can be undone', async () => {
  const t = await two()
  const then = await state(t)
  const number = await revisionAt(t, (await newest(t)).generation)
  await t.hosts.update(noor, t.host.id, { ...formOf(t.host), domains: ['moved.home.example'] })
  await t.hosts.create(noor, aHost({ domains: ['media.home.example'], upstream: { poolId: t.other.poolId } }))
  await t.hosts.remove(noor, t.other.id)
  const pool = (await t.pools.list()).find((p) => p.id === t.host.poolId)
  if (!pool) throw new Error('the pool is gone')
  await t.pools.update(noor, pool.id, { ...aPool({ name: 'renamed' }), version: pool.version })
  const { settings, version } = await t.settings.view()
  await t.settings.update(noor, { settings: { ...settings, acmeEmail: 'noor@home.example' }, version })
  await t.hosts.bulk(noor, { ids: [t.host.id], action: { kind: 'disable' } })
  const since = await state(t)
  expect(since).not.toEqual(then)

  const seen = await t.changes.diff(number)
  const preview = await t.previews.of({ kind: 'restore', revision: number })
  expect(preview.objects.map((o) => [o.kind, o.id, o.how]).sort()).toEqual(
    seen.map((o) => [o.kind, o.id, { added: 'removed', removed: 'added', changed: 'changed' }[o.how]]).sort(),
  )
  await t.changes.restore(noor, number)
  expect(await state(t)).toEqual(then)
  await t.changes.undo(noor, (await newest(t)).generation)
  expect(await state(t)).toEqual(since)
})
