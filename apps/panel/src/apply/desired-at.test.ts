import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDesired } from './desired.ts'
import { readDesiredAt } from './desired-at.ts'
import { applyBench, type Bench, deleteHost, saveHost, saveSettings } from './testing.ts'

let bench: Bench
beforeEach(async () => {
  bench = await applyBench({ up: false })
})
afterEach(() => bench.close())

test('what was saved as of any change is what was read right after it', async () => {
  const { db } = bench
  const moments = [await readDesired(db)]
  const steps = [
    () => saveHost(db, 'h_a'),
    () => saveHost(db, 'h_b', { pool: { protocol: 'https' } }),
    () => saveHost(db, 'h_a', { domains: ['x.example.com', 'y.example.com'], host: { enabled: 0 } }),
    () => saveSettings(db, { panelDomain: 'argos.example.com', trustedProxies: ['10.0.0.0/8'] }),
    () => deleteHost(db, 'h_b'),
    () => saveHost(db, 'h_b', { domains: ['again.example.com'] }),
    () => saveSettings(db, { panelDomain: '', trustedProxies: [] }),
    () => deleteHost(db, 'h_a'),
  ]
  for (const step of steps) {
    await step()
    moments.push(await readDesired(db))
  }
  for (const then of moments) {
    const { hosts, pools, settings, generation } = await readDesiredAt(db, then.generation)
    const byId = (things: readonly { id: string }[]) => Object.fromEntries(things.map((t) => [t.id, t]))
    expect(generation).toBe(then.generation)
    expect(byId(hosts)).toMatchObject(byId(then.hosts))
    expect(Object.keys(byId(hosts)).sort()).toEqual(Object.keys(byId(then.hosts)).sort())
    expect(byId(pools)).toMatchObject(byId(then.pools))
    expect(Object.keys(byId(pools)).sort()).toEqual(Object.keys(byId(then.pools)).sort())
    expect(settings).toMatchObject({ ...then.settings })
  }
})
