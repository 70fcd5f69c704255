export interface DiffLine {
  readonly op: 'add' | 'del' | 'same'
  readonly text: string
}

/** `preserveHost` → "preserve host", `interval_s` → "interval s": no raw keys on screen. */
export const keyWords = (key: string): string =>
  key
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase()

const scalar = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return 'nothing'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}
const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null

/** One line a value: "targets 1 address  192.0.2.31". Lists of plain values repeat their name, so that order does not matter. */
export function valueLines(value: unknown, name = ''): readonly string[] {
  if (value === null || value === undefined) return []
  if (!isPlain(value)) return [name === '' ? scalar(value) : `${name}  ${scalar(value)}`]
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${name}  none`]
    return value.flatMap((item, i) =>
      isPlain(item) ? valueLines(item, `${name} ${i + 1}`.trim()) : [`${name}  ${scalar(item)}`.trim()],
    )
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const words = `${name} ${keyWords(key)}`.trim()
    return inner === null || inner === '' ? [`${words}  nothing`] : valueLines(inner, words)
  })
}

/** The shortest way from `before` to `after`, line by line, removed lines first. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const common = lengths(before, after)
  const out: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const a = before[i]
    const b = after[j]
    if (a !== undefined && a === b) {
      out.push({ op: 'same', text: a })
      i += 1
      j += 1
    } else if (a !== undefined && (b === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      out.push({ op: 'del', text: a })
      i += 1
    } else if (b !== undefined) {
      out.push({ op: 'add', text: b })
      j += 1
    }
  }
  return out
}

const at = (table: readonly (readonly number[])[], i: number, j: number): number => table[i]?.[j] ?? 0

/** How many lines the rests from (i, j) on have in common. */
function lengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = [...before, ''].map(() => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = table[i]
    if (!row) continue
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}

/** What changed between two values of any shape. */
export const diffValues = (before: unknown, after: unknown): readonly DiffLine[] =>
  diffLines(valueLines(before), valueLines(after))

const labelWidth = 15

/** The panel's lines, "label  value", with their values in one column. */
export const inColumns = <L extends { readonly text: string }>(lines: readonly L[]): readonly L[] =>
  lines.map((line) => {
    const at = line.text.indexOf('  ')
    if (at === -1) return line
    return { ...line, text: `${line.text.slice(0, at).padEnd(labelWidth - 2)}${line.text.slice(at)}` }
  })
