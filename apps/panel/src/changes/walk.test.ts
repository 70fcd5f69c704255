import type { Settings } from '@argos/contract'
import { type Random, seededRandom } from '@argos/testkit'
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { aHost, aPool, everything, formOf, noor, type TestHosts, testHosts } from '../hosts/testing.ts'
import { newest, revisionAt, state } from './testing.ts'

type State = Awaited<ReturnType<typeof state>>
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => `${label}.home.example`)

/** Something that somebody might do; it may be refused. */
async function anything(t: TestHosts, random: Random): Promise<unknown> {
  const hosts = (await t.hosts.list({})).hosts
  const pools = await t.pools.list()
  const [host, pool] = [hosts[random.below(hosts.length)], pools[random.below(pools.length)]]
  const domains = [NAMES[random.below(NAMES.length)] ?? '']
  const port = 8000 + random.below(50)
  const target = aPool({ name: `to ${port}`, targets: [{ address: '192.168.1.20', port }] })
  if (!host || !pool || hosts.length < 3) return t.hosts.create(noor, aHost({ domains }))
  const ids = hosts.slice(0, 1 + random.below(2)).map((h) => h.id)
  const acts: readonly [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
    () => t.hosts.create(noor, aHost({ domains, upstream: { pool: target } })),
    () => t.hosts.create(noor, aHost({ domains, upstream: { poolId: pool.id } })),
    () => t.hosts.update(noor, host.id, { ...formOf(host), domains }),
    () => t.hosts.update(noor, host.id, { ...formOf(host), poolId: pool.id, note: `note ${port}` }),
    () => t.hosts.remove(noor, host.id),
    () => t.hosts.bulk(noor, { ids, action: { kind: random.pick(['enable', 'disable', 'delete']) } }),
    () => t.hosts.bulk(noor, { ids, action: { kind: 'tag', add: [`t${random.below(3)}`], remove: ['t0'] } }),
    () => t.pools.create(noor, target),
    () => t.pools.update(noor, pool.id, { ...target, version: pool.version }),
    () => t.pools.remove(noor, pool.id),
    () => changeSettings(t, { acmeEmail: `noor${random.below(5)}@home.example` }),
    () => changeSettings(t, { panelDomain: random.pick(['', 'a.home.example', 'panel.home.example']) }),
  ]
  return random.pick(acts)()
}

async function changeSettings(t: TestHosts, some: Partial<Settings>) {
  const { settings, version } = await t.settings.view()
  return t.settings.update(noor, { settings: { ...settings, ...some }, version })
}

/** Runs what may be refused. Nobody but the rules may refuse it. */
async function refusal(run: () => Promise<unknown>): Promise<string | null> {
  try {
    await run()
    return null
  } catch (err) {
    if (err instanceof AppError) return err.message
    throw err
  }
}

const byId = ({ hosts, pools, settings }: State) =>
  new Map<string, unknown>([
    ...hosts.map((h) => [`host:${h.id}`, h] as const),
    ...pools.map((p) => [`pool:${p.id}`, p] as const),
    ['settings:1', settings],
  ])

/** Some edits, with the state after each change. */
async function edited(random: Random, edits: number) {
  const t = await testHosts()
  const states = new Map<number, State>([[0, await state(t)]])
  for (let i = 0; i < edits; i++) {
    await refusal(() => anything(t, random))
    const [last] = (await t.changes.list({ limit: 1 })).changes
    if (last) states.set(last.generation, await state(t))
  }
  return { t, states, changes: (await t.changes.list({ limit: 200 })).changes }
}

test('F32 after any edits each change is undone exactly, or says why not; its preview says the same', async () => {
  const random = seededRandom('undo after any edits')
  const { t, states, changes } = await edited(random, 60)
  let undone = 0
  for (const { generation, noUndo } of changes) {
    const now = await state(t)
    const rows = await everything(t.db)
    const preview = await t.previews.of({ kind: 'undo', generation })
    expect(await everything(t.db)).toBe(rows)
    const no = await refusal(() => t.changes.undo(noor, generation))
    expect(preview.blocked).toBe(no)
    if (noUndo !== null) expect(no).toBe(noUndo)
    if (no !== null) {
      expect(await everything(t.db)).toBe(rows)
      continue
    }
    undone++
    const did = await newest(t)
    expect(preview.objects).toEqual(did.objects)
    const [was, is, then] = [now, await state(t), states.get(generation - 1)].map((s) => s && byId(s))
    const mine = new Set(did.objects.map(({ kind, id }) => `${kind}:${id}`))
    for (const key of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? []), ...mine]))
      expect(is?.get(key), key).toEqual((mine.has(key) ? then : was)?.get(key))
    // And back again, so that the next one is asked of the same state.
    await t.changes.undo(noor, did.generation)
    expect(await state(t)).toEqual(now)
  }
  expect(undone).toBeGreaterThan(0)
})

test('after any edits every earlier state is restored as it was, and what was since then as well', async () => {
  const random = seededRandom('restore after any edits')
  const { t, states } = await edited(random, 40)
  const now = await state(t)
  for (const [generation, then] of [...states].slice(1).filter((_, n) => n % 4 === 0)) {
    const number = await revisionAt(t, generation)
    const last = (await newest(t)).generation
    await t.changes.restore(noor, number)
    expect(await state(t), `as of ${generation}`).toEqual(then)
    const did = await newest(t)
    if (did.generation > last) await t.changes.undo(noor, did.generation)
    expect(await state(t)).toEqual(now)
  }
})
