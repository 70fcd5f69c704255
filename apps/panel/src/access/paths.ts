import type { GatePath, GatePolicy, GateRules } from '@argos/caddy'

/** The rules that a path is judged by: all of them must be met. One, but for a path that may be read in two ways. */
export interface Ruling {
  /** The path in its one reading; null when there are more. */
  readonly path: string | null
  readonly rules: readonly Rule[]
}
export interface Rule extends GateRules {
  /** The exception it is of; null for the whole host. */
  readonly prefix: string | null
  /** `public` has no rules to be met. */
  readonly open: boolean
}

/**
 * By the edge's own rules (apps/edge/gate/path.go): the longest exception that holds the path, exactly as it is spelt.
 * A path that the edge and the app may read differently, or that another one would fit if case did not count, gets no
 * exception that opens, and all that close (FA-11, F15).
 */
export function rulingOf(policy: GatePolicy & { readonly kind: 'rules' }, sent: string): Ruling {
  const whole: Rule = { ...policy, prefix: null, open: false }
  const path = canonicalPath(sent)
  const blind = path === null ? null : winner(policy.paths, folded(path), folded)
  const exact = path === null ? null : winner(policy.paths, path, (p) => p)
  if (path !== null && blind === exact) return { path, rules: [exact === null ? whole : ruleOf(exact)] }
  return { path: null, rules: [whole, ...policy.paths.map(ruleOf).filter((rule) => !rule.open)] }
}

const ruleOf = (path: GatePath): Rule =>
  'kind' in path
    ? { prefix: path.prefix, open: true, id: 'public', any: [{}] }
    : { prefix: path.prefix, open: false, id: path.id, any: path.any }

function winner(paths: readonly GatePath[], path: string, form: (text: string) => string): GatePath | null {
  const bare = (p: GatePath) => form(p.prefix).replace(/\/$/, '')
  const fits = paths.filter((p) => path === bare(p) || path.startsWith(`${bare(p)}/`))
  return fits.toSorted((a, b) => b.prefix.length - a.prefix.length)[0] ?? null
}

/** As those read it who do not tell the cases of ASCII letters apart. */
const folded = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/** What some normalise into slashes, dots, `;`, `%` or ASCII letters, and controls. */
const TWISTED =
  /[\u0080-\u009f\u017f\u212a\u2024-\u2026\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe50-\ufe6b\uff00-\uff5e\ufffd]/

/** The path decoded once, when every reader of it is bound to read the same; else null. `sent`: as it was sent, up to `?`. */
export function canonicalPath(sent: string): string | null {
  // Bytes beyond ASCII are percent-encoded by every browser; what they were meant to be is anybody's guess.
  if (!/^\/[\x21-\x7e]*$/.test(sent) || /%2f|%5c/i.test(sent) || /%(?![0-9a-f]{2})/i.test(sent)) return null
  let path: string
  try {
    path = decodeURIComponent(sent)
  } catch {
    return null
  }
  const segments = path.split('/').slice(1)
  const loose = segments.some((s, i) => /[. ]$/.test(s) || (s === '' && i < segments.length - 1))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return loose || /[\\;%?#\x00-\x1f\x7f]/.test(path) || TWISTED.test(path) ? null : path
}
