const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** Whether a name is in the form the edge matches on: lower-case A-labels, optionally one `*.` in front (CF-01). */
export function isCanonicalName(name: string): boolean {
  if (name.length > 253) return false
  const labels = (name.startsWith('*.') ? name.slice(2) : name).split('.')
  return labels.length >= 2 && labels.every((l) => LABEL.test(l)) && !/^\d+$/.test(labels.at(-1) ?? '')
}

/** Whether a certificate policy for `pattern` also catches `name`, as Caddy decides it: one label for the star. */
export const covers = (pattern: string, name: string): boolean =>
  pattern.startsWith('*.') && name !== pattern && name.slice(name.indexOf('.')) === pattern.slice(1)

/** Code-unit order, the same on every machine. */
export const inOrder = (names: Iterable<string>): string[] =>
  [...new Set(names)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
