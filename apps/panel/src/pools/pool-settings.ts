import { PoolInput } from '@argos/contract'

export type { SavedPool } from './pool.store.ts'

/** What the form holds of a pool, without what the panel adds. */
export const settingsOf = (pool: PoolInput): PoolInput => ({
  name: pool.name,
  protocol: pool.protocol,
  verifyTls: pool.verifyTls,
  preserveHost: pool.preserveHost,
  health: pool.health,
  targets: pool.targets,
})

/** Compared in the contract's own form, so that the order of keys in a body does not count. */
export const sameSettings = (a: PoolInput, b: PoolInput): boolean =>
  JSON.stringify(PoolInput.parse(settingsOf(a))) === JSON.stringify(PoolInput.parse(settingsOf(b)))
