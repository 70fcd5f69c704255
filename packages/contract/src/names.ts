import { z } from 'zod'

/**
 * A published name in canonical form: lower-case A-labels, no port, no trailing dot, optionally `*.` in front.
 * Accepts what people type (upper case, IDN, a trailing dot) and refuses the rest with the likely mistake named.
 */
export function canonicalName(input: string): { ok: true; name: string } | { ok: false; reason: string } {
  const typed = input.trim()
  const no = (reason: string) => ({ ok: false, reason }) as const
  if (typed === '') return no('Enter a name, such as app.home.example.')
  if (/^[a-z]+:\/\//i.test(typed))
    return no(`\`${typed}\` is a URL. Enter only the name, without https:// and path.`)
  if (typed.includes(',')) return no(`\`${typed}\` has a comma. Did you mean ${typed.replaceAll(',', '.')}?`)
  if (/[\s"'<>{}()[\]\\/?#@%&|^`$!;=+~\p{Cc}]/u.test(typed))
    return no(`\`${typed}\` has a character that no name may have.`)
  if (typed.includes(':'))
    return no(`\`${typed}\` has a port. Enter only the name; the edge listens on its own ports.`)
  const wildcard = typed.startsWith('*.')
  const plain = (wildcard ? typed.slice(2) : typed).replace(/\.$/, '')
  if (plain.includes('*')) return no('A wildcard stands only in front, as in *.home.example.')
  if (plain.includes('..') || plain.startsWith('.'))
    return no(`\`${typed}\` has an empty part between two dots.`)
  let ascii: string
  try {
    ascii = new URL(`http://${plain}`).hostname
  } catch {
    return no(`\`${typed}\` is not a name that can stand in DNS.`)
  }
  if (/^\d+(\.\d+)*$/.test(ascii) || ascii.startsWith('['))
    return no('An address cannot be published; enter a name that points to it.')
  if (ascii === 'localhost' || ascii.endsWith('.localhost'))
    return no('`localhost` is this machine itself; enter a name of your own.')
  if (ascii.length > 253 - (wildcard ? 2 : 0)) return no('A name has at most 253 characters.')
  const labels = ascii.split('.')
  if (labels.length < 2)
    return no(`\`${typed}\` has no dot. Enter a full name, such as ${typed}.home.example.`)
  if (!labels.every((l) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(l)))
    return no(`\`${typed}\` has a part that DNS does not allow.`)
  return { ok: true, name: wildcard ? `*.${ascii}` : ascii }
}

/** A published name, canonicalised on parse (CF-01, FA-10). */
export const HostName = z
  .string()
  .max(1024)
  .transform((typed, ctx) => {
    const r = canonicalName(typed)
    if (r.ok) return r.name
    ctx.addIssue({ code: 'custom', message: r.reason })
    return z.NEVER
  })
