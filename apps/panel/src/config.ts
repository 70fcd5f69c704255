import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { NewPassword, Username } from '@argos/contract'
import { KeyRefusal, parseKey } from '@argos/secretbox'
import { isLoopback } from './http/address.ts'

/** Everything the panel is told by its surroundings. All paths are absolute. */
export interface Config {
  readonly dataDir: string
  /** What the edge keeps: certificates and what it serves. */
  readonly edgeDir: string
  readonly runDir: string
  readonly logDir: string
  readonly databasePath: string
  readonly edgeSocket: string
  readonly panelSocket: string
  /** Where the edge asks about credentials; no visitor is ever brought here. */
  readonly gateSocket: string
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  /** Address the edge publishes hosts on; empty for all. */
  readonly bind: string
  /** Address the edge serves the panel on. */
  readonly panelBind: string
  /** Where the panel visits the edge: its address or name when it runs in a container of its own, else null. */
  readonly edgeAddress: string | null
  readonly panelMode: PanelMode
  /** Proxies that are believed from the first request on, before anybody could list them in the settings. */
  readonly trustedProxies: readonly string[]
  /** Networks where a provider of identities may be called besides the Internet and private ones: this machine, say. */
  readonly callNetworks: readonly string[]
  /** Where people reach this machine, as an address, a name, or the panel's whole URL; null when nobody said. */
  readonly publicAddress: string | null
  /** Folder of the files that the panel writes for the edge. */
  readonly sharedDir: string
  /** Whether a start without accounts prints the setup link itself: in a container no launcher does. */
  readonly printLink: boolean
  readonly webDir: string
  /** Whether the panel is also served without TLS, at `listen`. */
  readonly insecureHttp: boolean
  /** As in `127.0.0.1:9080` or `[::1]:9080`. */
  readonly listen: string
  /** Where proxies other than ours ask who may pass, off by default; `port` is theirs, where hosts are reached. */
  readonly forwardAuth: { readonly listen: string; readonly secret: string; readonly port: number } | null
  readonly masterKey: Buffer
  /** The key before it, while secrets are being sealed anew. */
  readonly formerMasterKey: Buffer | null
  readonly initialAdmin: { readonly username: string; readonly password: string } | null
  readonly logLevel: LogLevel
}
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type LogLevel = (typeof logLevels)[number]
/** How people reach the panel: at this machine's own address, or through a proxy of theirs that has ports 80 and 443. */
const panelModes = ['lan', 'behind_caddy'] as const
type PanelMode = (typeof panelModes)[number]
export type Env = Readonly<Record<string, string | undefined>>

/** Names every variable that is wrong, never its value: values may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
    this.problems = problems
  }
}

/** A unix socket's path does not fit into more (Linux has 108 bytes, macOS 104). */
const SOCKET_PATH_MAX = 103

const NAME = /^(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*$/i
/** As a browser shows it: without a path, so that pages can be named under it. */
const URL_OF_PANEL = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i

/** The only reader of the environment. Throws a ConfigError with all problems at once. */
export function loadConfig(env: Env): Config {
  const problems: string[] = []
  const read = reader(env, problems)

  const dataDir = resolve(read.text('ARGOS_DATA_DIR', 'data'))
  const runDir = resolve(read.text('ARGOS_RUN_DIR', join(dataDir, 'run')))
  const edgeSocket = resolve(read.text('ARGOS_EDGE_SOCKET', join(runDir, 'edge.sock')))
  const panelSocket = resolve(read.text('ARGOS_PANEL_SOCKET', join(runDir, 'panel.sock')))
  const gateSocket = join(runDir, 'gate.sock')
  if ([edgeSocket, panelSocket, gateSocket].some((path) => Buffer.byteLength(path) > SOCKET_PATH_MAX)) {
    problems.push(
      `ARGOS_RUN_DIR is too long a path for sockets: at most ${SOCKET_PATH_MAX} characters with the name`,
    )
  }
  const insecureHttp = read.flag('ARGOS_INSECURE_HTTP')
  const listen = read.text('ARGOS_LISTEN', '127.0.0.1:9080')
  const parts = splitAddress(listen)
  if (parts === null) problems.push('ARGOS_LISTEN is not an IP address and port, as in 127.0.0.1:9080')
  else if (env.ARGOS_LISTEN && !insecureHttp) {
    const seen = isLoopback(parts.host) ? '' : ' and passwords would cross the network readable'
    problems.push(
      `ARGOS_LISTEN serves the panel without TLS${seen}: it needs ARGOS_INSECURE_HTTP=1 beside it. Without both, the panel is reached through the edge at ARGOS_PANEL_PORT`,
    )
  }
  const edgeDir = resolve(read.text('ARGOS_EDGE_DIR', dataDir))
  const panelMode = read.oneOf('ARGOS_PANEL_MODE', panelModes, 'lan')
  const behind = panelMode === 'behind_caddy'
  const publicAddress = read.place('ARGOS_PUBLIC_ADDRESS', URL_OF_PANEL)
  if (behind && !publicAddress?.startsWith('https://')) {
    problems.push(
      "ARGOS_PUBLIC_ADDRESS is the panel's https:// URL at your proxy when ARGOS_PANEL_MODE is behind_caddy",
    )
  }
  const config: Config = {
    dataDir,
    edgeDir,
    runDir,
    logDir: resolve(read.text('ARGOS_LOG_DIR', join(edgeDir, 'logs'))),
    databasePath: join(dataDir, 'argos.db'),
    edgeSocket,
    panelSocket,
    gateSocket,
    ports: {
      // The proxy in front has the others, and comes in from this machine.
      http: read.port('ARGOS_HTTP_PORT', behind ? 8080 : 80),
      https: read.port('ARGOS_HTTPS_PORT', behind ? 8443 : 443),
      panel: read.port('ARGOS_PANEL_PORT', 9443),
    },
    bind: read.address('ARGOS_BIND', behind ? '127.0.0.1' : ''),
    panelBind: read.address('ARGOS_PANEL_BIND', '127.0.0.1'),
    edgeAddress: read.place('ARGOS_EDGE_ADDRESS'),
    panelMode,
    trustedProxies: read.networks('ARGOS_TRUSTED_PROXIES', behind ? ['127.0.0.1', '::1'] : []),
    callNetworks: read.networks('ARGOS_CALL_NETWORKS', []),
    publicAddress,
    sharedDir: resolve(read.text('ARGOS_SHARED_DIR', dataDir)),
    printLink: read.flag('ARGOS_PRINT_LINK'),
    webDir: resolve(read.text('ARGOS_WEB_DIR', join(import.meta.dirname, '../../web/dist'))),
    insecureHttp,
    listen,
    forwardAuth: forwardAuth(read, problems),
    masterKey: masterKey(read.secret('ARGOS_MASTER_KEY'), problems),
    formerMasterKey: formerKey(read.secret('ARGOS_FORMER_MASTER_KEY'), problems),
    initialAdmin: initialAdmin(
      read.secret('ARGOS_INITIAL_ADMIN_USER'),
      read.secret('ARGOS_INITIAL_ADMIN_PASSWORD'),
      problems,
    ),
    logLevel: read.oneOf('ARGOS_LOG_LEVEL', logLevels, 'info'),
  }
  const { http, https, panel } = config.ports
  if (new Set([http, https, panel]).size < 3) {
    problems.push('ARGOS_HTTP_PORT, ARGOS_HTTPS_PORT and ARGOS_PANEL_PORT must be three different ports')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

/** `host:port` in its parts, or null; IPv6 stands in brackets. */
export function splitAddress(text: string): { host: string; port: number } | null {
  const [, six, four, digits = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? []
  const host = six ?? four ?? ''
  const port = Number(digits)
  return isIP(host) !== (six === undefined ? 4 : 6) || port < 1 || port > 65_535 ? null : { host, port }
}

/** The address or name in a public address, which may be a whole URL. */
export const hostOf = (publicAddress: string): string =>
  publicAddress.includes('://')
    ? new URL(publicAddress).hostname.replace(/^\[(.*)\]$/, '$1')
    : publicAddress.toLowerCase()

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128)
}

function reader(env: Env, problems: string[]) {
  const text = (name: string, fallback: string) => env[name]?.trim() || fallback
  return {
    text,
    flag(name: string): boolean {
      const value = text(name, '0')
      if (!['0', '1', 'false', 'true'].includes(value)) problems.push(`${name} is 1 or 0`)
      return value === '1' || value === 'true'
    },
    port(name: string, fallback: number): number {
      const value = text(name, String(fallback))
      const port = Number(value)
      if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port
      problems.push(`${name} is not a port from 1 to 65535`)
      return fallback
    },
    address(name: string, fallback: string): string {
      const value = text(name, fallback)
      if (value !== '' && isIP(value) === 0) problems.push(`${name} is not an IP address of this machine`)
      return value
    },
    /** An address or a name that can be looked up, or what `more` allows; null when it is not set. */
    place(name: string, more?: RegExp): string | null {
      const value = text(name, '')
      if (value === '') return null
      if (isIP(value) === 0 && !NAME.test(value) && !more?.test(value)) {
        const url = more ? ', nor a URL as in https://panel.example.com' : ''
        problems.push(`${name} is neither an IP address nor a name${url}`)
      }
      return value
    },
    /** Addresses and networks, apart by commas or spaces. Everybody is no proxy. */
    networks(name: string, fallback: readonly string[]): readonly string[] {
      const listed = text(name, '')
        .split(/[\s,]+/)
        .filter((one) => one !== '')
      if (!listed.every(isNetwork)) {
        problems.push(`${name} is a list of IP addresses and networks, as in 127.0.0.1,10.0.0.0/24`)
      }
      return listed.length > 0 ? listed : fallback
    },
    oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
      const value = text(name, fallback)
      const found = allowed.find((one) => one === value)
      if (found === undefined) problems.push(`${name} is one of ${allowed.join(', ')}`)
      return found ?? fallback
    },
    /** A variable, or the file that `<name>_FILE` points to; one line end at its end does not count. */
    secret(name: string): string | null {
      const path = env[`${name}_FILE`]
      if (path && env[name]) problems.push(`${name} and ${name}_FILE are both set; keep one`)
      if (!path) return env[name] || null
      try {
        return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
      } catch (err) {
        problems.push(`${name}_FILE cannot be read (${(err as NodeJS.ErrnoException).code})`)
        return null
      }
    },
  }
}

/** Short ones are guessed, and whoever guesses it learns who may open what. */
const FORWARD_SECRET_MIN = 32

function forwardAuth(read: ReturnType<typeof reader>, problems: string[]): Config['forwardAuth'] {
  const listen = read.text('ARGOS_FORWARD_AUTH_LISTEN', '')
  const secret = read.secret('ARGOS_FORWARD_AUTH_SECRET')
  const port = read.port('ARGOS_FORWARD_AUTH_PORT', 443)
  if (listen === '' && secret === null) return null
  if (splitAddress(listen) === null) {
    problems.push('ARGOS_FORWARD_AUTH_LISTEN is not an IP address and port, as in 127.0.0.1:9081')
  }
  if (!/^[A-Za-z0-9_-]*$/.test(secret ?? '') || (secret ?? '').length < FORWARD_SECRET_MIN) {
    problems.push(
      `ARGOS_FORWARD_AUTH_SECRET has at least ${FORWARD_SECRET_MIN} letters, digits, dashes or underscores; \`openssl rand -hex 32\` makes one`,
    )
  }
  return { listen, secret: secret ?? '', port }
}

function masterKey(hex: string | null, problems: string[]): Buffer {
  if (hex === null) {
    if (!problems.some((p) => p.startsWith('ARGOS_MASTER_KEY'))) {
      problems.push('ARGOS_MASTER_KEY (or ARGOS_MASTER_KEY_FILE) is missing; `./argos up` makes one')
    }
    return Buffer.alloc(0)
  }
  return parsedKey('ARGOS_MASTER_KEY', hex, problems) ?? Buffer.alloc(0)
}

const formerKey = (hex: string | null, problems: string[]): Buffer | null =>
  hex === null || hex.trim() === '' ? null : parsedKey('ARGOS_FORMER_MASTER_KEY', hex, problems)

function parsedKey(name: string, hex: string, problems: string[]): Buffer | null {
  try {
    return parseKey(hex.trim())
  } catch (err) {
    if (!(err instanceof KeyRefusal)) throw err
    problems.push(`${name} is not 64 hexadecimal digits of a key: ${err.message}`)
    return null
  }
}

function initialAdmin(
  user: string | null,
  password: string | null,
  problems: string[],
): Config['initialAdmin'] {
  if (user === null && password === null) return null
  if (user === null || password === null) {
    const missing = user === null ? 'ARGOS_INITIAL_ADMIN_USER' : 'ARGOS_INITIAL_ADMIN_PASSWORD'
    if (!problems.some((p) => p.startsWith(missing))) {
      problems.push(`${missing} is missing: user and password go together`)
    }
    return null
  }
  const parsed = Username.safeParse(user)
  if (!parsed.success) {
    problems.push('ARGOS_INITIAL_ADMIN_USER has 1 to 64 letters, digits, dots, dashes, underscores or @')
  }
  if (!NewPassword.safeParse(password).success) {
    problems.push('ARGOS_INITIAL_ADMIN_PASSWORD is shorter than 10 characters')
  }
  return parsed.success ? { username: parsed.data, password } : null
}
