/** "1 host", "7 hosts". */
export const things = (n: number, one: string): string => (n === 1 ? `1 ${one}` : `${n} ${one}s`)

/** `a`, `a and b`, `a, b and c`, `a, b and 5 more`. */
export function listed(things: readonly string[]): string {
  const shown = things.length > 4 ? [...things.slice(0, 3), `${things.length - 3} more`] : things
  const last = shown.at(-1) ?? ''
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last
}
