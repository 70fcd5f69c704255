import { expect, test } from 'vitest'
import { compile, neededModules } from '../src/index.ts'
import { aHost, anInput, aPool } from './factories.ts'

/** Ids of what a configuration names, as Caddy puts them together from where a name stands. */
function named(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((v) => named(v, path))
  const of = (key: string, prefix: string) => {
    const name = (value as Record<string, unknown>)[key]
    return typeof name === 'string' ? [`${prefix}${name}`] : []
  }
  const parent = path.at(-1)
  return [
    ...of('handler', 'http.handlers.'),
    ...of('filter', 'caddy.logging.encoders.filter.'),
    ...of('format', 'caddy.logging.encoders.'),
    ...of('output', 'caddy.logging.writers.'),
    ...(parent === 'storage' ? of('module', 'caddy.storage.') : []),
    ...(parent === 'issuers' ? of('module', 'tls.issuance.') : []),
    ...(parent === 'match' ? Object.keys(value).map((key) => `tls.handshake_match.${key}`) : []),
    ...(parent === 'apps' ? Object.keys(value) : []),
    ...Object.entries(value).flatMap(([key, v]) => named(v, [...path, key])),
  ]
}

test('the modules that a panel asks an edge for are those that its configurations name', () => {
  const { base, hosts, pools } = compile(
    anInput({
      hosts: [
        aHost(),
        aHost({ id: 'h_internal', domains: ['in.example.com'], tls: 'internal' }),
        // Its pool is gone: it answers 503 itself.
        aHost({ id: 'h_bad', domains: ['bad.example.com'], poolId: 'p_gone' }),
      ],
      pools: [aPool()],
      lastGood: {
        hosts: {
          h_bad: {
            ...{ names: ['bad.example.com'], off: false, tls: 'auto' },
            handle: [
              { handler: 'argos_gate', policy: { kind: 'public' } },
              { handler: 'argos_pool', pool: 'p_gone' },
            ],
          },
        },
      },
    }),
  )
  expect([...new Set(named({ ...base, hosts, pools }))].sort()).toEqual([...neededModules].sort())
})
