import type { Tools } from './tools.ts'

/** One line of the table: a figure of ours beside a limit, or beside a peer's in the same run. */
export interface Row {
  readonly what: string
  readonly ours: string
  /** What it is compared with: a peer's figure, or words. Empty when it stands alone. */
  readonly beside: string
  /** Ours against the peer's or against the limit. Null when there is nothing to divide by. */
  readonly ratio: number | null
  /** The most, or the least, that the ratio may be. Null for a figure that is only told. */
  readonly limit: Limit | null
}
export type Limit = { readonly most: number } | { readonly least: number }

export interface Bench {
  readonly name: string
  readonly summary: string
  /** Takes long: only when it is asked for by name. */
  readonly onRequest?: true
  /** `rounds`: how often each figure is taken, the things compared taking turns. */
  run(context: Context): Promise<Row[]>
}
export interface Context {
  readonly rounds: number
  readonly tools: Tools
  /** Tells what is going on, on a terminal. */
  say(words: string): void
}

export const holds = ({ ratio, limit }: Row): boolean | null => {
  if (ratio === null || limit === null) return null
  return 'most' in limit ? ratio <= limit.most : ratio >= limit.least
}

/** A row whose figure is held against a limit of its own kind: the ratio is the figure divided by the limit. */
export const atMost = (what: string, figure: number, limit: number, unit: string, beside = ''): Row => ({
  what,
  ours: `${shown(figure)} ${unit}`,
  beside: beside === '' ? `limit ${shown(limit)} ${unit}` : beside,
  ratio: figure / limit,
  limit: { most: 1 },
})

/** A row that compares with a peer. */
export const against = (
  what: string,
  ours: number,
  peer: number,
  unit: string,
  limit: Limit | null,
  peerName = '',
): Row => ({
  what,
  ours: `${shown(ours)} ${unit}`,
  beside: `${shown(peer)} ${unit}${peerName === '' ? '' : ` ${peerName}`}`,
  ratio: peer === 0 ? null : ours / peer,
  limit,
})

/** Three digits that say something. */
export const shown = (n: number): string =>
  n >= 100 ? Math.round(n).toLocaleString('en') : n >= 10 ? n.toFixed(1) : n.toFixed(2)

export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5)
}

export function quantile(figures: readonly number[], q: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}
