const numbers = new Intl.NumberFormat('en')
const small = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine']

/** 1240 → "1,240". */
export const count = (n: number): string => numbers.format(n)

/** `things(2, 'host')` → "2 hosts". */
export const things = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** At the start of a sentence: "One host", "12 hosts". */
export const Things = (n: number, one: string, many = `${one}s`): string =>
  `${small[n] ?? count(n)} ${n === 1 ? one : many}`

/** "a", "a and b", "a, b and c". */
export const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

/** Bytes as people say them: 1536 → "1.5 KB". */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let i = 0
  let value = n
  while (value >= 1024 && i < units.length - 1) {
    value /= 1024
    i += 1
  }
  return `${i === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[i]}`
}
