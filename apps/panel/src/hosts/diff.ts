import type { DiffLine as Line } from '@argos/contract'

/** Line diff by the longest common subsequence; empty when nothing changes (F4). */
export function lineDiff(before: readonly string[], after: readonly string[]): Line[] {
  const common = lengths(before, after)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [b, a] = [before[i], after[j]]
    if (b !== undefined && b === a) {
      lines.push({ op: 'same', text: b })
      i++
      j++
    } else if (b !== undefined && (a === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ op: 'del', text: b })
      i++
    } else {
      lines.push({ op: 'add', text: a ?? '' })
      j++
    }
  }
  return lines.every((line) => line.op === 'same') ? [] : lines
}

/** `[i][j]`: how many lines the rests from i and j have in common. */
function lengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i]
      if (row)
        row[j] =
          before[i] === after[j]
            ? at(table, i + 1, j + 1) + 1
            : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  return table
}

const at = (table: readonly number[][], i: number, j: number): number => table[i]?.[j] ?? 0
