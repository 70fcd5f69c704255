import type { HostInput, ObjectKind, PolicyInput, PoolInput, Settings } from '@argos/contract'

export type Saveable = HostInput | PoolInput | PolicyInput | Settings

/** One object of a change, in the contract's input form; null where there was or is none. */
export interface ChangedObject {
  readonly kind: ObjectKind
  readonly id: string
  readonly name: string
  readonly before: Saveable | null
  readonly after: Saveable | null
}

/** The way back of it. */
export const reversed = (objects: readonly ChangedObject[]): ChangedObject[] =>
  objects.map(({ kind, id, name, before, after }) => ({ kind, id, name, before: after, after: before }))

/** What a change is called where it is told of: by its revision, once it has one. */
export const changeName = ({
  revision,
  generation,
}: {
  readonly revision: number | null
  readonly generation: number
}): string => (revision === null ? `change ${generation}` : `r${revision}`)
