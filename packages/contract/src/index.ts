import * as account from './account.ts'
import * as changes from './changes.ts'
import * as credentials from './credentials.ts'
import * as drift from './drift.ts'
import * as factors from './factors.ts'
import * as gate from './gate.ts'
import * as hosts from './hosts.ts'
import * as identity from './identity.ts'
import * as oidc from './oidc.ts'
import * as operate from './operate.ts'
import type { Operation } from './operation.ts'
import * as pending from './pending.ts'
import * as people from './people.ts'
import * as policies from './policies.ts'
import * as pools from './pools.ts'
import * as views from './views.ts'

export * from './access.ts'
export * from './account.ts'
export * from './changes.ts'
export * from './client.ts'
export * from './credentials.ts'
export * from './drift.ts'
export * from './events.ts'
export * from './factors.ts'
export * from './gate.ts'
export * from './hosts.ts'
export * from './identity.ts'
export * from './names.ts'
export * from './networks.ts'
export * from './oidc.ts'
export * from './oidc-presets.ts'
export * from './operate.ts'
export * from './operation.ts'
export * from './pending.ts'
export * from './people.ts'
export * from './policies.ts'
export * from './pools.ts'
export * from './preview.ts'
export * from './sentences.ts'
export * from './views.ts'

const isOperation = (v: unknown): v is Operation =>
  typeof v === 'object' && v !== null && 'method' in v && 'path' in v && 'scope' in v

const rooms = [
  factors,
  identity,
  people,
  account,
  hosts,
  pools,
  policies,
  oidc,
  operate,
  pending,
  changes,
  drift,
  views,
  gate,
  credentials,
]

/** Every operation of the API. */
export const operations: readonly Operation[] = rooms.flatMap((m) => Object.values(m).filter(isOperation))
