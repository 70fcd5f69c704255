import { compilePool } from '@argos/caddy'
import type { Settings } from '@argos/contract'
import { expect, test } from 'vitest'
import { adoptions, type SavedNow } from './drift.objects.ts'

const nothing: SavedNow = {
  hosts: new Map(),
  pools: new Map(),
  policies: [],
  settings: { panelDomain: 'panel.home.example' } as Settings,
}
const pool = compilePool({
  ...{ id: 'p_1', protocol: 'http', verifyTls: true, preserveHost: true },
  health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
  targets: [{ address: '10.0.0.5', port: 80, weight: 1, enabled: true }],
})
const cannot = (kind: 'host' | 'pool', id: string, theirs: unknown) =>
  adoptions([{ row: { kind, id }, theirs }], nothing).cannot.get(`${kind}:${id}`) ?? null

test('CF-11 what came by hand is adopted only under an id by which it can be opened and deleted here', () => {
  expect(cannot('pool', 'p_1', pool)).toBe(null)
  for (const id of ['Media.Pool', '__proto__', '-p', 'p'.repeat(65)])
    expect(cannot('pool', id, pool)).toBe(`The panel takes no id like ${id}.`)
})

test('CF-11 a name is adopted by the rules of the form: not the panel’s own, no wildcard that no CA signs', () => {
  const host = (names: string[]) => ({
    ...{ names, off: false, tls: 'auto' },
    handle: [
      { handler: 'argos_gate', policy: { kind: 'public' } },
      { handler: 'argos_pool', pool: 'p_1' },
    ],
  })
  const both = (names: string[]) =>
    adoptions(
      [
        { row: { kind: 'host', id: 'h_1' }, theirs: host(names) },
        { row: { kind: 'pool', id: 'p_1' }, theirs: pool },
      ],
      nothing,
    ).cannot.get('host:h_1') ?? null
  expect(both(['app.home.example'])).toBe(null)
  expect(both(['panel.home.example'])).toBe("panel.home.example is the panel's own name.")
  expect(both(['*.home.example'])).toMatch(/needs a DNS challenge/)
  expect(both(['app.home.example', 'app.home.example'])).toMatch(/stands here twice/)
  expect(both(['bad name'])).not.toBe(null)
})
