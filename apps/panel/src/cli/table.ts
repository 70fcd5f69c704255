/** Text of other people's on a terminal: nothing in it moves the cursor, or hides. */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ')

const widthOf = (text: string): number => [...text].length
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Lines with aligned columns, headings first. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [headings, ...rows.map((row) => row.map(plain))]
  const widths = headings.map((_, i) => Math.max(...lines.map((line) => widthOf(line[i] ?? ''))))
  return lines.map((line) =>
    line
      .map((cell, i) => padded(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Lines of `label  value`; those without a value are left out. */
export function facts(pairs: readonly (readonly [label: string, value: string])[]): string[] {
  const shown = pairs.filter(([, value]) => value !== '')
  const width = Math.max(0, ...shown.map(([label]) => label.length))
  return shown.map(([label, value]) => `${label.padEnd(width)}  ${plain(value)}`)
}

/** Who did it; of what is no account it says so. */
export const actorOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  kind === 'user' ? name : `${name} (${kind})`

/** A moment to the second, in UTC, as `2026-01-31 09:05:00Z`. */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`
