import { type Intent, Preview, type Settings } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aPool, everything, formOf, noor } from '../hosts/testing.ts'
import { two } from './testing.ts'

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
