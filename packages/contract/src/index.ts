import * as changes from './changes.ts'
import * as hosts from './hosts.ts'
import * as identity from './identity.ts'
import * as operate from './operate.ts'
import type { Operation } from './operation.ts'
import * as pools from './pools.ts'
import * as views from './views.ts'

export * from './changes.ts'
export * from './client.ts'
export * from './events.ts'
export * from './hosts.ts'
export * from './identity.ts'
export * from './names.ts'
export * from './operate.ts'
export * from './operation.ts'
export * from './pools.ts'
export * from './preview.ts'
export * from './views.ts'

const isOperation = (v: unknown): v is Operation =>
  typeof v === 'object' && v !== null && 'method' in v && 'path' in v && 'scope' in v

/** Every operation of the API, by declaration order. */
export const operations: readonly Operation[] = [identity, hosts, pools, operate, changes, views].flatMap(
  (m) => Object.values(m).filter(isOperation),
)
