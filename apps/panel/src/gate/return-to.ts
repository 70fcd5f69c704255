/** Where people may be sent after they signed in. */
export interface Targets {
  /** As in `https://panel.example.com`; null when the panel has no name. */
  readonly panelOrigin: string | null
  /** Of enabled hosts that are served over HTTPS, as in `https://app.example.com`. */
  readonly origins: ReadonlySet<string>
}

const LONGEST = 2_048
/** Printable ASCII. What browsers drop, trim or fold into something else is none of it. */
const PRINTABLE = /^[!-~]+$/
const ABSOLUTE = /^https:\/\/([A-Za-z0-9._-]{1,253}(?::\d{1,5})?)((?:[/?#].*)?)$/

/**
 * The target as it may be put into a Location, or null. A path of the panel stays a path. Refused is whatever two
 * parsers could read differently, today or once more decoded, rather than only what is known to lead astray.
 */
export function returnTarget(raw: unknown, { panelOrigin, origins }: Targets): string | null {
  if (typeof raw !== 'string' || raw.length > LONGEST || !PRINTABLE.test(raw)) return null
  if (raw.startsWith('/')) return pathTarget(raw)
  const [, authority = '', rest = ''] = ABSOLUTE.exec(raw) ?? []
  const origin = `https://${authority.toLowerCase()}`
  if (authority === '' || !(origin === panelOrigin || origins.has(origin))) return null
  if (rest !== '' && pathTarget(rest.startsWith('/') ? rest : `/${rest}`) === null) return null
  const target = `${origin}${rest}`
  return URL.parse(target)?.origin === origin ? target : null
}

/** A path with its query and fragment that stays on whatever host it is used, or null. */
export function pathTarget(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > LONGEST || !PRINTABLE.test(raw)) return null
  // Browsers take a backslash for a slash.
  if (!raw.startsWith('/') || raw.includes('\\')) return null
  const path = raw.replace(/[?#].*$/, '')
  let decoded = path
  for (let times = 0; times < 3; times++) {
    if (decoded.startsWith('//') || hasDots(decoded) || UNSAFE.test(decoded)) return null
    const next = decodedOnce(decoded)
    // Broken at first sight is refused. Later it may be a name with a percent sign in it.
    if (next === null) return times === 0 ? null : raw
    decoded = next
  }
  return raw
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\\]/u
const hasDots = (path: string): boolean => path.split('/').some((part) => part === '.' || part === '..')

function decodedOnce(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
