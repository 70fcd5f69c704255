import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyBench, type Bench, deleteHost, saveHost, saveSettings } from './testing.ts'

type Step =
  | {
      readonly kind: 'save'
      readonly host: number
      readonly names: readonly string[]
      readonly tls: 'auto' | 'internal' | 'none'
      readonly enabled: 0 | 1
      readonly pool: number
      readonly port: number
    }
  | { readonly kind: 'delete'; readonly host: number }
  | { readonly kind: 'settings'; readonly email: string }
  | { readonly kind: 'meddle' }

const aSave = (names: readonly [string, ...string[]], tls: readonly ('auto' | 'internal' | 'none')[]) =>
  fc.record({
    kind: fc.constant('save' as const),
    host: fc.integer({ min: 0, max: 4 }),
    names: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }),
    tls: fc.constantFrom(...tls),
    enabled: fc.constantFrom(0 as const, 1 as const),
    pool: fc.integer({ min: 0, max: 4 }),
    port: fc.constantFrom(80, 81),
  })
const aDelete = fc.record({ kind: fc.constant('delete' as const), host: fc.integer({ min: 0, max: 4 }) })

/** Saves as the verbs do; what the database would not take (a name or a pool in use) is left out. */
async function take({ db, edge }: Bench, step: Step): Promise<void> {
  if (step.kind === 'meddle') {
    const [first] = Object.keys(edge.hosts)
    if (first) delete edge.hosts[first]
  } else if (step.kind === 'settings') await saveSettings(db, { acmeEmail: step.email })
  else if (step.kind === 'delete') await deleteHost(db, `h_${step.host}`).catch(() => undefined)
  else {
    const targets = JSON.stringify([{ address: '10.0.0.5', port: step.port, weight: 1, enabled: true }])
    const host = { tls: step.tls, enabled: step.enabled, pool_id: `p_h_${step.pool}` }
    const over = { host, pool: { targets }, domains: [...step.names] }
    await saveHost(db, `h_${step.host}`, over).catch(() => undefined)
  }
}

const served = ({ edge }: Bench) => ({
  hosts: edge.hosts,
  pools: edge.pools,
  base: edge.base,
  etag: edge.etag(),
  generation: edge.generation,
})
async function written({ db }: Bench) {
  const applied = await db.selectFrom('applied').select(['kind', 'id', 'hash', 'json']).execute()
  const trouble = await db.selectFrom('trouble').select(['kind', 'id', 'message', 'field']).execute()
  const meta = await db.selectFrom('meta').selectAll().where('key', '=', 'applied_generation').execute()
  const sorted = <T extends { kind: string; id: string }>(rows: T[]) =>
    rows.toSorted((a, b) => `${a.kind}:${a.id}`.localeCompare(`${b.kind}:${b.id}`))
  return { applied: sorted(applied), trouble: sorted(trouble), meta }
}
async function told({ db }: Bench) {
  const rows = await db.selectFrom('revision').selectAll().orderBy('number').execute()
  const events = await db.selectFrom('outbox').select(['type', 'data']).orderBy('id').execute()
  const ordered = (json: string) =>
    (JSON.parse(json) as { id: string }[]).sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    revisions: rows.map(({ took_ms: _, at: _at, hosts, changes, ...row }) => ({
      ...row,
      hosts: ordered(hosts),
      changes: ordered(changes),
    })),
    events,
  }
}

/** The same steps for two panels, one of which forgets everything before each pass and so makes whole ones only. */
async function both(
  steps: readonly Step[],
  prepare: (bench: Bench) => void,
  compare: (bench: Bench) => unknown,
) {
  const [quick, whole] = [await applyBench({ at: '/data' }), await applyBench({ at: '/data' })]
  try {
    for (const bench of [quick, whole]) {
      prepare(bench)
      await bench.pass()
    }
    for (const step of steps) {
      for (const bench of [quick, whole]) {
        await take(bench, step)
        if (bench === whole) bench.restartPanel()
        await bench.pass()
      }
      expect(served(quick)).toEqual(served(whole))
      expect(await compare(quick)).toEqual(await compare(whole))
    }
  } finally {
    await Promise.all([quick.close(), whole.close()])
  }
}

describe('edit by edit and all at once come to the same', () => {
  test('at the edge, in what is written down and in what is told', { timeout: 60_000 }, async () => {
    const names = ['a.test.example', 'b.test.example', 'c.test.example', 'd.test.example'] as const
    const step = fc.oneof({ weight: 4, arbitrary: aSave(names, ['auto', 'none']) }, aDelete)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), (steps) =>
        both(
          steps,
          () => undefined,
          async (bench) => ({ ...(await written(bench)), ...(await told(bench)) }),
        ),
      ),
      { numRuns: 12 },
    )
  })

  test('F2 also with names that are refused, wildcards of the internal CA, settings, and an edge that is meddled with', {
    timeout: 60_000,
  }, async () => {
    const names = [
      'a.test.example',
      'b.test.example',
      '*.test.example',
      'bad.test.example',
      'NOT A NAME',
    ] as const
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 6, arbitrary: aSave(names, ['auto', 'internal', 'none']) },
      { weight: 2, arbitrary: aDelete },
      fc.record({ kind: fc.constant('settings' as const), email: fc.constantFrom('a@x.test', 'b@x.test') }),
      fc.record({ kind: fc.constant('meddle' as const) }),
    )
    const refusing = (bench: Bench) => {
      bench.edge.refuses = (_, value) =>
        JSON.stringify(value).includes('bad.') ? { message: 'no bad names', field: 'names[0]' } : null
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), (steps) =>
        both(steps, refusing, async (bench) => ({ ...(await written(bench)) })),
      ),
      { numRuns: 12 },
    )
  })
})

describe('an edit of one host', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await applyBench()
    for (const id of ['h_a', 'h_b', 'h_c']) await saveHost(bench.db, id)
    await bench.pass()
    bench.edge.listed = 0
  })
  afterEach(() => bench.close())
  const edit = async (
    id = 'h_a',
    over: Parameters<typeof saveHost>[2] = { domains: [`new.${id}.example`.replace('_', '-')] },
  ) => {
    const generation = await saveHost(bench.db, id, over)
    await bench.pass()
    return generation
  }

  test('is sent without asking for everything there is', async () => {
    const generation = await edit()
    expect(bench.edge.listed).toBe(0)
    expect(bench.edge.calls).toEqual(['load', 'swap'])
    expect(bench.edge.hosts.h_a?.names).toEqual(['new.h-a.example'])
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('live')
    expect(await bench.room.apply.status()).toMatchObject({ applied: generation, inSync: true })
  })
  test('takes what was touched off the list, and only then', async () => {
    const touched = () => bench.db.selectFrom('touched').selectAll().execute()
    expect(await touched()).toEqual([])
    await saveHost(bench.db, 'h_a', { domains: ['new.example'] })
    expect(await touched()).not.toEqual([])
    bench.edge.faults = [{ kind: '500', taken: false }]
    await bench.pass()
    expect(await touched()).toEqual([])
    expect(bench.edge.hosts.h_a?.names).toEqual(['new.example'])
  })
  test.each([
    { what: 'somebody else changed the edge', change: async (b: Bench) => void delete b.edge.hosts.h_b },
    { what: 'the edge was started anew', change: async (b: Bench) => b.edge.restart() },
    {
      what: 'the internal CA is concerned',
      change: (b: Bench) => saveHost(b.db, 'h_b', { host: { tls: 'internal' } }),
    },
    { what: 'settings changed', change: (b: Bench) => saveSettings(b.db, { acmeEmail: 'a@b.example' }) },
  ])('CF-11 is compared with everything when $what', async ({ change }) => {
    await change(bench)
    await edit()
    expect(bench.edge.listed).toBeGreaterThan(0)
    expect(Object.keys(bench.edge.hosts)).toEqual(expect.arrayContaining(['h_a', 'h_b', 'h_c']))
    expect((await bench.room.apply.status()).inSync).toBe(true)
  })
  test('does not put off the comparison of everything, though one edit follows another', async () => {
    let woken = 0
    bench.room.workers[0].wake?.addEventListener('wake', () => woken++)
    // As if the list of what was touched had lost one.
    const unseen = { name: 'lost.example.com', host_id: 'h_b', position: 1 }
    await bench.db.insertInto('host_domain').values(unseen).execute()
    await bench.db.deleteFrom('touched').execute()
    await edit('h_a', { domains: ['1.example.com'] })
    expect([bench.edge.hosts.h_b?.names.length, woken]).toEqual([1, 0])
    bench.clock.advance(31_000)
    await edit('h_a', { domains: ['2.example.com'] })
    expect([bench.edge.hosts.h_a?.names, woken]).toEqual([['2.example.com'], 1])
    await edit('h_a', { domains: ['3.example.com'] })
    expect(bench.edge.hosts.h_a?.names).toEqual(['3.example.com'])
    expect(bench.edge.hosts.h_b?.names).toEqual(['h-b.example.com', 'lost.example.com'])
    bench.edge.listed = 0
    await edit('h_a', { domains: ['4.example.com'] })
    expect([bench.edge.listed, woken]).toEqual([0, 1])
  })
  test('is asked about beforehand without reading all the others', async () => {
    const host = {
      ...{ id: 'h_a', domains: ['x.example'], enabled: true, tls: 'auto' as const },
      ...{ access: { kind: 'public' as const }, poolId: 'p_h_a' },
    }
    const ask = (over: Partial<typeof host>) => bench.room.apply.checkEdit({ hosts: [{ ...host, ...over }] })
    expect(await ask({})).toEqual({ accepted: true, refused: [], needsLoad: false })
    const [goes, stays] = [
      { hosts: ['h_a'], pools: ['p_h_a'] },
      { hosts: [], pools: ['p_h_a'] },
    ]
    const gone = await bench.room.apply.checkEdit({ gone: goes })
    expect(gone).toEqual({ accepted: true, refused: [], needsLoad: false })
    expect(await bench.room.apply.checkEdit({ hosts: [host], gone: stays })).toBeNull()
    bench.edge.refuses = () => ({ message: 'no', field: 'names[0]' })
    expect(await ask({})).toMatchObject({ accepted: false, refused: [{ id: 'h_a', field: 'domains[0]' }] })
    // These concern more than the host: whoever asks has to read everything.
    expect(await ask({ domains: ['h-b.example.com'] })).toBeNull()
    expect(await ask({ poolId: 'p_gone' })).toBeNull()
    bench.restartPanel()
    expect(await ask({})).toBeNull()
  })
  test('of a name that was freed a moment ago is not refused', async () => {
    await deleteHost(bench.db, 'h_b')
    const hosts = [
      {
        ...{ id: 'h_new', domains: ['h-b.example.com'], enabled: true, tls: 'auto' as const },
        ...{ access: { kind: 'public' as const }, poolId: 'p_h_a' },
      },
    ]
    expect(await bench.room.apply.checkEdit({ hosts })).toMatchObject({ accepted: true })
  })
})
