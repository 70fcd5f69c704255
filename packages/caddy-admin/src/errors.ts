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
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** 423: another change waits at the edge to be kept. Nothing changed. */
export class EdgePending extends Error {
  override readonly name = 'EdgePending'
}

export type EdgeError = EdgeUnreachable | EdgeFailed | EdgeStale | EdgeRefused | EdgePending
export const isEdgeError = (err: unknown): err is EdgeError =>
  err instanceof EdgeUnreachable ||
  err instanceof EdgeFailed ||
  err instanceof EdgeStale ||
  err instanceof EdgeRefused ||
  err instanceof EdgePending
