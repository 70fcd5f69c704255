import { type Intent, Preview, type Settings } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost, aPool, everything, formOf, noor, type TestHosts, testHosts } from '../hosts/testing.ts'
import { revisionStore } from './revisions.store.ts'

const two = async () => {
  const t = await testHosts()
  const { host } = await t.hosts.create(noor, aHost())
  const other = await t.hosts.create(noor, aHost({ domains: ['other.home.example'] }))
  return { ...t, host, other: other.host }
}
const newest = async ({ changes }: Pick<TestHosts, 'changes'>) => {
  const [change] = (await changes.list({ limit: 1 })).changes
  if (!change) throw new Error('there is no change')
  return change
}
/** All that people saved, as they see it. */
const state = async ({ hosts, pools, settings }: TestHosts) => {
  const all = (await hosts.list({})).hosts.map((host) => ({ ...formOf(host), id: host.id, version: 0 }))
  const every = (await pools.list()).map(({ id, name, targets, protocol, health }) => ({
    ...{ id, name, protocol, health },
    targets: targets.map(({ address, port, weight, enabled }) => ({ address, port, weight, enabled })),
  }))
  return { hosts: all, pools: every, settings: (await settings.view()).settings }
}
const revisionAt = async ({ db }: TestHosts, generation: number) => {
  const number = await revisionStore(db).insert({
    ...{ at: 0, words: ['x'], error: null, generation, hosts: [], changes: [], tookMs: 1 },
    actor: { kind: 'user', name: 'noor' },
    kind: 'swap',
    outcome: 'live',
  })
  await db.updateTable('change').set({ revision: number }).where('generation', '=', generation).execute()
  return number
}

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

describe('a preview is the very change that saving makes', () => {
  const prepared = async () => {
    const t = await two()
    await t.hosts.clone(noor, t.host.id, ['copy.home.example'])
    await t.hosts.bulk(noor, { ids: [t.other.id], action: { kind: 'disable' } })
    return t
  }
  type Prepared = Awaited<ReturnType<typeof prepared>>
  interface Case {
    readonly intent: (t: Prepared, settings: Settings) => Intent
    readonly save: (t: Prepared, settings: Settings) => Promise<unknown>
    readonly risk: Preview['risk']
  }
  const moved = (settings: Settings): Settings => ({
    ...settings,
    panelDomain: '',
    trustedProxies: ['10.0.0.0/8'],
  })
  const cases: Record<string, Case> = {
    deletion: {
      intent: ({ host }) => ({ kind: 'hostDelete', id: host.id }),
      save: ({ hosts, host }) => hosts.remove(noor, host.id),
      risk: 'risky',
    },
    'a deletion of many': {
      intent: ({ host, other }) => ({
        kind: 'hostBulk',
        ids: [host.id, other.id],
        action: { kind: 'delete' },
      }),
      save: ({ hosts, host, other }) =>
        hosts.bulk(noor, { ids: [host.id, other.id], action: { kind: 'delete' } }),
      risk: 'risky',
    },
    tags: {
      intent: ({ host }) => ({
        kind: 'hostBulk',
        ids: [host.id],
        action: { kind: 'tag', add: ['tv'], remove: [] },
      }),
      save: ({ hosts, host }) =>
        hosts.bulk(noor, { ids: [host.id], action: { kind: 'tag', add: ['tv'], remove: [] } }),
      risk: 'harmless',
    },
    'a pause': {
      intent: ({ host }) => ({ kind: 'hostBulk', ids: [host.id], action: { kind: 'disable' } }),
      save: ({ hosts, host }) => hosts.bulk(noor, { ids: [host.id], action: { kind: 'disable' } }),
      risk: 'normal',
    },
    'an edit': {
      intent: ({ host }) => {
        const { version: _, ...form } = formOf(host)
        return { kind: 'hostUpdate', id: host.id, host: { ...form, domains: ['tv.home.example'] } }
      },
      save: ({ hosts, host }) =>
        hosts.update(noor, host.id, { ...formOf(host), domains: ['tv.home.example'] }),
      risk: 'normal',
    },
    'a pool that two hosts use': {
      intent: ({ host }) => ({
        kind: 'poolUpdate',
        id: host.poolId,
        pool: aPool({ targets: [{ address: '192.168.1.9', port: 80 }] }),
      }),
      save: ({ pools, host }) =>
        pools.update(noor, host.poolId, {
          ...aPool({ targets: [{ address: '192.168.1.9', port: 80 }] }),
          version: 1,
        }),
      risk: 'normal',
    },
    settings: {
      intent: (_, settings) => ({ kind: 'settingsUpdate', settings: moved(settings) }),
      save: async (t, settings) =>
        t.settings.update(noor, { settings: moved(settings), version: (await t.settings.view()).version }),
      risk: 'risky',
    },
  }
  test.each(Object.keys(cases))('%s', async (name) => {
    const one = cases[name]
    if (!one) throw new Error(name)
    const t = await prepared()
    const { settings } = await t.settings.view()
    const before = await everything(t.db)
    const touched = JSON.stringify(await t.db.selectFrom('touched').selectAll().execute())
    const preview = await t.previews.of(one.intent(t, settings))
    expect(Preview.parse(preview)).toEqual(preview)
    expect(await everything(t.db)).toBe(before)
    expect(JSON.stringify(await t.db.selectFrom('touched').selectAll().execute())).toBe(touched)
    expect(preview.words).not.toEqual([])
    expect(preview).toMatchObject({ risk: one.risk, blocked: null })

    await one.save(t, settings)
    const [kept] = (await t.changes.list({ limit: 1 })).changes
    const plain = (objects: Preview['objects']) =>
      objects
        .map(({ kind, id, how, diff }) => ({ kind, id, how, diff }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(plain(preview.objects)).toEqual(plain(kept?.objects ?? []))
  })
  test('a change of a pool names who else feels it, and shows its Caddy JSON', async () => {
    const t = await prepared()
    const pool = aPool({ targets: [{ address: '192.168.1.9', port: 80 }] })
    const preview = await t.previews.of({ kind: 'poolUpdate', id: t.host.poolId, pool })
    expect(preview.touched.map((h) => h.name)).toEqual(['copy.home.example', 'media.home.example'])
    expect(preview.caddy).toMatchObject([
      { kind: 'pool', before: null, after: { targets: [{ dial: '192.168.1.9:80' }] } },
    ])
  })
})

describe('while a change waits to be kept', () => {
  const waiting = async () => {
    const t = await two()
    const { saved } = await t.hosts.remove(noor, t.host.id, 60)
    expect(saved).toMatchObject({ live: false, pending: expect.any(String) })
    return t
  }
  test('F32 what it needs to go back is not touched, and everything else is saved', async () => {
    const t = await waiting()
    const before = await everything(t.db)
    // Its name and its pool's place are free, but not to take.
    await expect(t.hosts.create(noor, aHost())).rejects.toMatchObject({
      code: 'pending_change',
      message: 'media.home.example belongs to a change that waits to be kept. Keep it or put it back first.',
    })
    expect(await everything(t.db)).toBe(before)
    const { saved } = await t.hosts.update(noor, t.other.id, { ...formOf(t.other), note: 'x' })
    expect(saved.pending).toBe(null)
  })
  test("the panel's former name is not taken, as it may come back", async () => {
    const t = await two()
    const { settings, version } = await t.settings.view()
    const named = { ...settings, panelDomain: 'panel.home.example' }
    await t.settings.update(noor, { settings: named, version })
    const moved = { ...settings, panelDomain: 'argos.home.example' }
    await t.settings.update(noor, { settings: moved, version: version + 1 }, 60)
    await expect(t.hosts.create(noor, aHost({ domains: ['panel.home.example'] }))).rejects.toMatchObject({
      code: 'pending_change',
    })
  })
  test('a second one is refused, and the first one is not undone', async () => {
    const t = await waiting()
    await expect(t.hosts.remove(noor, t.other.id, 60)).rejects.toMatchObject({ code: 'pending_change' })
    expect((await t.hosts.view(t.other.id)).id).toBe(t.other.id)
    const { generation } = await newest(t)
    await expect(t.changes.undo(noor, generation)).rejects.toMatchObject({ code: 'pending_change' })
  })
  test('a preview of something that overlaps says what is in its way', async () => {
    const t = await waiting()
    const preview = await t.previews.of({ kind: 'hostCreate', host: aHost() })
    expect(preview.blocked).toBe(
      'media.home.example belongs to a change that waits to be kept. Keep it or put it back first.',
    )
  })
})
