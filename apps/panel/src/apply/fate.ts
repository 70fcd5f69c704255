import type { EdgeClient, EdgeSummary } from '@argos/caddy-admin'
import type { PendingRow } from '../changes/pending.store.ts'

/** What the edge has made of a change that it was given for a limited time. */
export type Fate =
  /** `problem`: its time is over, and why it is still there. */
  | { readonly kind: 'holds'; readonly remainingMs: number; readonly problem: string | null }
  | { readonly kind: 'kept' }
  | { readonly kind: 'gone'; readonly reason: string }

/** The dialect of the edge's control socket that this panel speaks: with changes for a limited time, and origins. */
export const edgeDialect = 2

/** Asks the edge; rejects with an edge error while it does not answer. */
export const fateOf = async (edge: Pick<EdgeClient, 'summary'>, row: PendingRow): Promise<Fate> =>
  fateIn(await edge.summary(), row)

export function fateIn({ pending, confirmed, reverted }: EdgeSummary, row: PendingRow): Fate {
  if (pending?.id === row.id)
    return { kind: 'holds', remainingMs: pending.remaining_ms, problem: pending.problem ?? null }
  if (confirmed === row.id) return { kind: 'kept' }
  // What an edge did is forgotten with its process, and so is what was not kept.
  if (reverted?.id !== row.id) return { kind: 'gone', reason: 'The edge restarted before it was kept.' }
  return { kind: 'gone', reason: wordsOf(reverted.reason, row) }
}

const wordsOf = (reason: string, { withinS, extended }: PendingRow): string =>
  reason === 'timeout'
    ? `Nobody kept it within ${extended ? 'the time it was given' : `${withinS} s`}.`
    : 'It was put back at the edge.'

/** Why a change for a limited time cannot be given to this edge, else null. */
export const tooOld = ({ api, version }: Pick<EdgeSummary, 'api' | 'version'>): string | null =>
  (api ?? 1) >= edgeDialect
    ? null
    : `The edge (${version}) is too old to go back by itself. Upgrade it, or save the change without a limit.`
