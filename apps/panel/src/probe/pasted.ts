import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { GuardError } from '../guard/error.ts'
import { callableUrl, hostOf } from '../guard/url.ts'

/** An address as somebody pasted it. */
export interface Pasted {
  /** What was typed, or null: both are tried then. */
  readonly protocol: 'http' | 'https' | null
  readonly host: string
  readonly port: number | null
  /** Path and query; `/` when none was typed. */
  readonly path: string
}

/** Reads `http://192.168.1.20:8096/web`, `nas.lan:8000`, `[fd00::1]:80` or a bare address. */
export function pastedAddress(typed: string): Pasted {
  const text = typed.trim()
  if (text === '') throw wrong('Paste the address of the service, such as http://192.168.1.20:8096.')
  if (/^unix[a-z0-9+]*(:|\/)/i.test(text))
    throw wrong('A socket cannot be published. Paste an address and a port, such as 192.168.1.20:8096.')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  const whole = scheme ? text : `http://${isIP(text) === 6 ? `[${text}]` : text}`
  try {
    const url = callableUrl(whole)
    const port = portTyped(whole)
    if (port !== null && (port < 1 || port > 65_535)) throw wrong('A port is a number from 1 to 65535.')
    const protocol = scheme === undefined ? null : scheme === 'https' ? 'https' : 'http'
    return { protocol, host: hostOf(url), port, path: url.pathname + url.search }
  } catch (err) {
    throw err instanceof GuardError ? wrong(err.message, err) : err
  }
}

export const wrong = (message: string, cause?: unknown): AppError =>
  new AppError('invalid', message, { cause, fields: [{ path: 'url', message }] })

/** URL drops the port that is usual for its scheme; here it counts that it was typed. */
function portTyped(text: string): number | null {
  const [, port] = /^[a-z]+:\/\/[^/?#]*?:(\d{1,6})(?:[/?#]|$)/i.exec(text.replace(/\[[^\]]*\]/, 'v6')) ?? []
  return port === undefined ? null : Number(port)
}
