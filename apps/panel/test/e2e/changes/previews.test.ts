import {
  changeList,
  changePreview,
  changeUndo,
  type Host,
  HostCreate,
  hostBulk,
  hostCreate,
  hostDelete,
  hostUpdate,
  type Intent,
  type Pool,
  type Preview,
  poolCreate,
  poolDelete,
  poolUpdate,
  poolView,
  revisionList,
  revisionRestore,
  revisionView,
  type Settings,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import { ApiRefusal, echo, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseRows } from '../../support/database.ts'
import { edgeState, objectsAtEdge } from '../../support/edge.ts'
import { inputOf, publish, remove, view, wanted } from '../../support/hosts.ts'

let stack: Stack
let upstream: Upstream
let elsewhere: Upstream
beforeAll(async () => {
  stack = await startStack()
  ;[upstream, elsewhere] = await Promise.all([echo(), echo()])
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([upstream.close(), elsewhere.close()])
})

interface There {
  readonly one: Host
  readonly two: Host
  /** With the pool of `one`. */
  readonly shares: Host
  readonly pool: Pool
  readonly unused: Pool
  readonly settings: Settings
}
interface Case {
  readonly intent: (there: There) => Intent | Promise<Intent>
  readonly save: (there: There, intent: Intent) => Promise<unknown>
}

let round = 0
let there: There
beforeEach(async () => {
  round++
  const name = (label: string) => `${label}${round}.example.test`
  const one = await publish(stack, { domains: [name('one')], to: upstream })
  const two = await publish(stack, { domains: [name('two')], to: upstream })
  const body = { ...wanted({ domains: [name('shares')], to: upstream }), upstream: { poolId: one.poolId } }
  const shares = (await stack.api.call(hostCreate, { body })).host
  const targets = [{ address: '127.0.0.1', port: elsewhere.port }]
  const unused = (await stack.api.call(poolCreate, { body: { name: name('unused'), targets } })).pool
  await stack.inSync()
  there = {
    ...{ one, two, shares, unused },
    pool: await stack.api.call(poolView, { params: { id: one.poolId } }),
    settings: (await stack.api.call(settingsView, {})).settings,
  }
})

/** Tables that are written without anybody changing anything: who looked when, and how tests of a revision went. */
const BUSY = ['session', 'revision', 'login_failure']
const rows = () => databaseRows(stack, BUSY)
const atEdge = () => objectsAtEdge(stack)

const preview = (intent: Intent) => stack.api.call(changePreview, { body: { intent } })
const lastChange = async () => {
  const [change] = (await stack.api.call(changeList, { query: { limit: 1 } })).changes
  if (!change) throw new Error('there is no change')
  return change
}
const inOrder = (objects: Preview['objects']) =>
  objects.toSorted((a, b) => (`${a.kind}:${a.id}` < `${b.kind}:${b.id}` ? -1 : 1))

const put = (host: Host, some: Partial<Host>) => ({
  ...{ params: { id: host.id }, body: { ...inputOf({ ...host, ...some }), version: host.version } },
})
const poolForm = ({ name, protocol, verifyTls, preserveHost, health, targets }: Pool) => ({
  ...{ name, protocol, verifyTls, preserveHost, health },
  targets: targets.map(({ address, port, weight, enabled }) => ({ address, port, weight, enabled })),
})
const moved = (pool: Pool) => ({
  ...poolForm(pool),
  targets: [{ address: '127.0.0.1', port: elsewhere.port, weight: 1, enabled: true }],
})
const update = (change: (host: Host) => Partial<Host>): Case => ({
  intent: ({ one }) => ({
    kind: 'hostUpdate',
    id: one.id,
    host: inputOf({ ...one, ...change(one) }),
  }),
  save: ({ one }) => stack.api.call(hostUpdate, put(one, change(one))),
})
const bulk = (action: (Intent & { kind: 'hostBulk' })['action']): Case => ({
  intent: ({ one, two }) => ({ kind: 'hostBulk', ids: [one.id, two.id], action }),
  save: ({ one, two }) => stack.api.call(hostBulk, { query: {}, body: { ids: [one.id, two.id], action } }),
})
const settings = (change: Partial<Settings> | (() => Partial<Settings>)): Case => {
  const some = (now: Settings) => ({ ...now, ...(typeof change === 'function' ? change() : change) })
  return {
    intent: (t) => ({ kind: 'settingsUpdate', settings: some(t.settings) }),
    save: async (t) => {
      const { version } = await stack.api.call(settingsView, {})
      return stack.api.call(settingsUpdate, { body: { settings: some(t.settings), version } })
    },
  }
}

const cases: Record<string, Case> = {
  'names of a host': update(({ domains }) => ({ domains: [...domains, `also-${domains[0]}`] })),
  'a certificate that needs a load': update(() => ({ tls: 'internal' })),
  'another pool for a host': update(() => ({ poolId: there.two.poolId })),
  'a note': update(() => ({ note: 'a note' })),
  'a pause': update(() => ({ enabled: false })),
  'a pause of several': bulk({ kind: 'disable' }),
  'tags of several': bulk({ kind: 'tag', add: ['tv'], remove: [] }),
  'a deletion of several': bulk({ kind: 'delete' }),
  'a deletion': {
    intent: ({ two }) => ({ kind: 'hostDelete', id: two.id }),
    save: ({ two }) => remove(stack, two.id),
  },
  'a pool that two use': {
    intent: ({ pool }) => ({ kind: 'poolUpdate', id: pool.id, pool: moved(pool) }),
    save: ({ pool }) =>
      stack.api.call(poolUpdate, {
        params: { id: pool.id },
        body: { ...moved(pool), version: pool.version },
      }),
  },
  'a pool that goes': {
    intent: ({ unused }) => ({ kind: 'poolDelete', id: unused.id }),
    save: ({ unused }) => stack.api.call(poolDelete, { params: { id: unused.id } }),
  },
  'proxies that are trusted': settings(() => ({ trustedProxies: [`10.0.${round}.0/24`] })),
  "the panel's name": settings(() => ({ panelDomain: `panel${round}.example.test`, panelTls: 'internal' })),
  'an undo': {
    intent: async ({ two }) => {
      await remove(stack, two.id)
      await stack.inSync()
      return { kind: 'undo', generation: (await lastChange()).generation }
    },
    save: (_, intent) =>
      intent.kind === 'undo'
        ? stack.api.call(changeUndo, { params: { generation: intent.generation }, query: {} })
        : Promise.reject(new Error('not an undo')),
  },
  'a restore': {
    intent: async ({ one, two }) => {
      const [revision] = (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions
      await stack.api.call(hostUpdate, put(one, { domains: [`new-${one.domains[0]}`] }))
      await stack.api.call(hostDelete, { params: { id: two.id } })
      await stack.inSync()
      return { kind: 'restore', revision: revision?.number ?? 0 }
    },
    save: (_, intent) =>
      intent.kind === 'restore'
        ? stack.api.call(revisionRestore, { params: { number: intent.revision }, query: {} })
        : Promise.reject(new Error('not a restore')),
  },
}

describe('a preview changes nothing, and says exactly what saving then does, at the edge too', () => {
  test.each(Object.keys(cases))('%s', async (name) => {
    const one = cases[name]
    if (!one) throw new Error(name)
    const intent = await one.intent(there)
    const [before, known, { etag }] = [await atEdge(), rows(), await edgeState(stack)]
    const seen = await preview(intent)
    expect(rows()).toBe(known)
    expect((await edgeState(stack)).etag).toBe(etag)
    expect(seen).toMatchObject({ blocked: null, edge: { accepted: true, reason: null } })
    expect(seen.words).not.toEqual([])

    await one.save(there, intent)
    await stack.inSync()
    const kept = await lastChange()
    expect(inOrder(seen.objects)).toEqual(inOrder(kept.objects))

    const after = await atEdge()
    const [was, is] = [before, after].map((all) =>
      Object.fromEntries(
        [...new Set([...before.keys(), ...after.keys()])]
          .filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
          .map((key) => [key, all.get(key) ?? null]),
      ),
    )
    const objects = seen.caddy.filter((c) => c.kind !== 'base')
    const told = (side: 'before' | 'after') =>
      Object.fromEntries(objects.map((c) => [`${c.kind}:${c.id}`, c[side]]))
    expect(told('before')).toEqual(was)
    expect(told('after')).toEqual(is)

    const touched = seen.caddy.length > 0
    expect((await edgeState(stack)).etag === etag).toBe(!touched)
    if (!touched) return
    const { revision, caddy } = await stack.api.call(revisionView, {
      params: { number: kept.revision ?? 0 },
    })
    expect(revision.kind).toBe(seen.needsLoad ? 'load' : 'swap')
    const base = ({ kind }: { kind: string }) => kind === 'base'
    // As text: a difference of all of it would fill screens.
    expect(JSON.stringify(seen.caddy.filter(base))).toBe(JSON.stringify(caddy.filter(base)))
    const touchedIds = seen.touched.map((h) => h.id)
    for (const { kind, id } of kept.objects) if (kind === 'host') expect(touchedIds).toContain(id)
  })

  test('a new host and its pool, which get their ids only when they are saved', async () => {
    const body = HostCreate.parse(wanted({ domains: [`new${round}.example.test`], to: upstream }))
    const known = rows()
    const seen = await preview({ kind: 'hostCreate', host: body })
    expect(rows()).toBe(known)
    await stack.api.call(hostCreate, { body })
    await stack.inSync()
    const plain = (objects: Preview['objects']) =>
      inOrder(objects).map(({ kind, name, how, words, diff }) => ({ kind, name, how, words, diff }))
    expect(plain(seen.objects)).toEqual(plain((await lastChange()).objects))
  })

  test('what cannot be is refused by the preview as by the save, and nothing is written', async () => {
    const { one, two } = there
    const taken = { ...inputOf(one), domains: two.domains }
    const known = rows()
    const errorOf = (run: Promise<unknown>) =>
      run.then(
        () => null,
        (err: unknown) => (err instanceof ApiRefusal ? err : Promise.reject(err)),
      )
    const previewed = await errorOf(preview({ kind: 'hostUpdate', id: one.id, host: taken }))
    const saved = await errorOf(
      stack.api.call(hostUpdate, { params: { id: one.id }, body: { ...taken, version: one.version } }),
    )
    expect(previewed?.status).toBe(409)
    expect(previewed?.problem?.message).toBe(saved?.problem?.message)
    expect(rows()).toBe(known)
    expect((await view(stack, one.id)).domains).toEqual(one.domains)
  })
})
