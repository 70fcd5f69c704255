import type { HostInput, PoolInput, Settings } from '@argos/contract'

/** One object of a change, in the contract's input form; null where there was or is none. */
export interface ChangedObject {
  readonly kind: 'host' | 'pool' | 'settings'
  readonly id: string
  readonly name: string
  readonly before: HostInput | PoolInput | Settings | null
  readonly after: HostInput | PoolInput | Settings | null
}
