import { type DiffLine, diffLines } from './diff.ts'

const around = 3
/** Beyond this, lines are compared in blocks: the table of a line diff grows with the square. */
const most = 1_500

const linesOf = (value: unknown): readonly string[] =>
  value === null || value === undefined ? [] : JSON.stringify(value, null, 2).split('\n')

/** Two JSON values line by line; long runs of equal lines are folded to one that counts them. */
export function jsonDiff(before: unknown, after: unknown): readonly DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ op: 'same', text }))
  const middleA = a.slice(head, a.length - tail)
  const middleB = b.slice(head, b.length - tail)
  const middle =
    middleA.length > most || middleB.length > most
      ? [
          ...middleA.map((text): DiffLine => ({ op: 'del', text })),
          ...middleB.map((text): DiffLine => ({ op: 'add', text })),
        ]
      : diffLines(middleA, middleB)
  return folded([...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))])
}

function folded(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>()
  lines.forEach((line, i) => {
    if (line.op === 'same') return
    for (let k = i - around; k <= i + around; k += 1) near.add(k)
  })
  const out: DiffLine[] = []
  let run = 0
  const close = () => {
    if (run > 0) out.push({ op: 'same', text: `… ${run} ${run === 1 ? 'line' : 'lines'} the same` })
    run = 0
  }
  lines.forEach((line, i) => {
    if (near.has(i)) {
      close()
      out.push(line)
    } else run += 1
  })
  close()
  return out
}
