import fc from 'fast-check'
import type { CompileInput, HostSpec, PoolSpec } from '../src/index.ts'
import { aFragment, aHost, anInput, aPool } from './factories.ts'

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
export const aName = fc
  .tuple(fc.constantFrom('', '*.'), fc.array(label, { minLength: 1, maxLength: 3 }))
  .map(([star, labels]) => `${star}${labels.join('.')}.example`)

export const aTls = fc.constantFrom('auto', 'internal', 'none')

export const somePools: fc.Arbitrary<PoolSpec[]> = fc
  .array(
    fc.record({
      protocol: fc.constantFrom('http', 'https'),
      verifyTls: fc.boolean(),
      preserveHost: fc.boolean(),
      targets: fc.array(
        fc.record({
          address: fc
            .oneof(
              fc.ipV4(),
              fc.ipV6(),
              label.map((l) => `${l}.lan`),
            )
            .map((a) => a.toLowerCase()),
          port: fc.integer({ min: 1, max: 65535 }),
          weight: fc.integer({ min: 1, max: 256 }),
          enabled: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((pools) => pools.map((pool, i) => aPool({ ...(pool as Partial<PoolSpec>), id: `p_${i}` })))

/** Hosts and pools as the API lets them in: names unique, pools there. */
export const validInput: fc.Arbitrary<CompileInput> = fc
  .tuple(
    somePools,
    fc.uniqueArray(aName, { maxLength: 12 }),
    fc.array(
      fc.record({ enabled: fc.boolean(), tls: aTls, take: fc.integer({ min: 1, max: 3 }), pool: fc.nat() }),
      { minLength: 1, maxLength: 8 },
    ),
  )
  .map(([pools, names, shapes]) => {
    const left = [...names]
    const hosts = shapes.flatMap((shape, i): HostSpec[] => {
      const domains = left.splice(0, shape.take)
      if (domains.length === 0) return []
      const pool = pools[shape.pool % pools.length]
      const { enabled, tls } = shape as Pick<HostSpec, 'enabled' | 'tls'>
      return [aHost({ id: `h_${i}`, domains, enabled, tls, poolId: pool?.id ?? '' })]
    })
    return anInput({ hosts, pools })
  })

/** Anything at all in the places where text stands, and pools that are not there: what a database could hold at worst. */
export const wildInput: fc.Arbitrary<CompileInput> = fc
  .tuple(
    fc.array(
      fc.record({
        id: fc.constantFrom('h_a', 'h_b', 'h_c', '__proto__', 'constructor'),
        domains: fc.array(fc.oneof(fc.string(), aName), { maxLength: 3 }),
        enabled: fc.boolean(),
        tls: aTls,
        access: fc.constantFrom({ kind: 'public' }, { kind: 'never-heard-of' }, null),
        poolId: fc.constantFrom('p_a', 'p_gone', '__proto__'),
      }),
      { maxLength: 5 },
    ),
    fc.array(
      fc.record({
        id: fc.constantFrom('p_a', 'p_b', '__proto__'),
        targets: fc.array(
          fc.record({
            address: fc.oneof(fc.string(), fc.ipV6(), fc.constant('{env.HOME}')),
            port: fc.integer(),
            weight: fc.integer(),
            enabled: fc.boolean(),
          }),
        ),
        health: fc.record({
          kind: fc.constantFrom('tcp', 'http', 'off'),
          path: fc.string(),
          intervalS: fc.integer(),
          timeoutS: fc.integer(),
        }),
      }),
      { maxLength: 3 },
    ),
    fc.record({
      panelDomain: fc.oneof(fc.string(), aName),
      acmeEmail: fc.string(),
      acmeDirectory: fc.string(),
      trustedProxies: fc.array(fc.string()),
    }),
    fc.subarray(['h_a', 'h_b', 'h_c']),
  )
  .map(([hosts, pools, settings, known]) =>
    anInput({
      hosts: hosts as Partial<HostSpec>[],
      pools: pools as Partial<PoolSpec>[],
      settings,
      lastGood: {
        hosts: Object.fromEntries(
          known.map((id) => [id, aFragment({ names: [`${id}.old.example`.replace('_', '-')] })]),
        ),
      },
    }),
  )
