import type { EdgePendingChange, EdgeRefusals } from './types.ts'

/** Nobody answered, or the answer broke off: whether a change was taken is unknown. */
export class EdgeUnreachable extends Error {
  override readonly name = 'EdgeUnreachable'
}

/** The edge answered, with a 5xx or with nonsense: whether a change was taken is unknown. */
export class EdgeFailed extends Error {
  override readonly name = 'EdgeFailed'
}

/** 412: the edge's state is not the one the change was made for. Nothing changed. */
export class EdgeStale extends Error {
  override readonly name = 'EdgeStale'
  readonly etag: string | null
  constructor(message: string, etag: string | null) {
    super(message)
    this.etag = etag
  }
}

/** The edge would not take it and says why. Nothing changed. */
export class EdgeRefused extends Error {
  override readonly name = 'EdgeRefused'
  readonly status: number
  /** What of a change that is taken whole or not at all was refused; empty when it was something else. */
  readonly refused: EdgeRefusals
  /** 409 of confirm, revert and extend: what waits instead, and what was confirmed last. */
  readonly pending: EdgePendingChange | null
  readonly confirmed: string | null
  constructor(message: string, status: number, said: Partial<EdgeProblem> = {}) {
    super(message)
    this.status = status
    this.refused = said.refused ?? {}
    this.pending = said.pending ?? null
    this.confirmed = said.confirmed ?? null
  }
}

/** 423: another change waits at the edge to be kept. Nothing changed. */
export class EdgePending extends Error {
  override readonly name = 'EdgePending'
  /** The one that waits; null when the edge did not say. */
  readonly pending: EdgePendingChange | null
  constructor(message: string, pending: EdgePendingChange | null = null) {
    super(message)
    this.pending = pending
  }
}

/** What stands in a refusal besides its words. */
export interface EdgeProblem {
  readonly refused: EdgeRefusals | null
  readonly pending: EdgePendingChange | null
  readonly confirmed: string | null
}

export type EdgeError = EdgeUnreachable | EdgeFailed | EdgeStale | EdgeRefused | EdgePending
export const isEdgeError = (err: unknown): err is EdgeError =>
  err instanceof EdgeUnreachable ||
  err instanceof EdgeFailed ||
  err instanceof EdgeStale ||
  err instanceof EdgeRefused ||
  err instanceof EdgePending
