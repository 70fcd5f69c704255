import { domainToASCII, domainToUnicode } from 'node:url'

export interface Email {
  /** Lower case, the domain in A-labels: what is compared and kept. */
  readonly address: string
  readonly domain: string
}

const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const domainForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/

/** A domain in A-labels; null when it is none, or a spelling that only maps to one (full-width letters, say). */
export function domainOf(text: string): string | null {
  const typed = text.toLowerCase()
  const ascii = domainToASCII(typed)
  if (ascii.length > 253 || !domainForm.test(ascii) || /\.\d+$/.test(ascii)) return null
  return typed === ascii || typed === domainToUnicode(ascii) ? ascii : null
}

/** Reads an address that has exactly one reading: one @, no quotes, comments or spaces. Else null (OI-10). */
export function emailOf(text: string): Email | null {
  const parts = text.split('@')
  const [name = '', domain = ''] = parts
  if (parts.length !== 2 || text.length > 254 || name.length > 64) return null
  const to = domainOf(domain)
  if (to === null || !local.test(name.toLowerCase())) return null
  return { address: `${name.toLowerCase()}@${to}`, domain: to }
}
