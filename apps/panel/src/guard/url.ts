import { isIP } from 'node:net'
import { GuardError } from './error.ts'

/** Reads a URL we may call: http or https, no user name, no control characters, no disguised address (SS-04). */
export function callableUrl(text: string): URL {
  const no = (message: string) => new GuardError('url', message)
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) throw no('An address has no line breaks or control characters.')
  if (!URL.canParse(text)) throw no('This is not an address. Write it as http://192.168.1.20:8080.')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw no(`Only http:// and https:// can be called, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '' || authorityOf(text).includes('@'))
    throw no('An address carries no user name or password.')
  if (/%0[0ad]/i.test(url.pathname + url.search))
    throw no('An address has no line breaks or control characters, encoded ones included.')
  refuseDisguise(authorityOf(text), url)
  return url
}

/** Header names and values that cannot smuggle a second line (SS-04). */
export function callableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      throw new GuardError('url', 'A header name has a character that HTTP does not allow.')
    if (/[\r\n\0]/.test(value)) throw new GuardError('url', `The header ${name} has a line break.`)
    if (['host', 'connection', 'content-length', 'transfer-encoding'].includes(name.toLowerCase()))
      throw new GuardError('url', `The header ${name} is set by the call itself.`)
  }
  return { ...headers }
}

/** The host of a URL as an address or name, without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
/** `192.0.2.24:8000`, as a person would write it. */
export const placeOf = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

const authorityOf = (text: string): string => /^[a-z]+:[\\/]*([^\\/?#]*)/i.exec(text.trim())?.[1] ?? ''

/** `0x7f.1`, `2130706433`, `0177.0.0.1` and full-width digits all parse to an address nobody typed. */
function refuseDisguise(authority: string, url: URL) {
  const host = hostOf(url)
  const typed = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
  if (isIP(host) === 4 && typed !== host)
    throw new GuardError(
      'url',
      `\`${typed}\` is another spelling of ${host}. Write the address as four numbers.`,
    )
  if (/^::ffff:/.test(host))
    throw new GuardError('url', 'Write an IPv4 address as four numbers, not inside an IPv6 one.')
}
