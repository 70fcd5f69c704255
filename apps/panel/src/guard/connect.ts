import type { LookupFunction } from 'node:net'
import { TLSSocket } from 'node:tls'
import { buildConnector, Client } from 'undici'
import type { Admitted } from './admit.ts'

/** What was seen of the other side's certificate. */
export interface SeenTls {
  readonly trusted: boolean
  readonly selfSigned: boolean
  readonly subject: string
}

export interface PinnedConnection {
  readonly client: Client
  /** Known once a connection stands; null on plain HTTP. */
  seen(): SeenTls | null
}

export interface PinOptions {
  origin: string
  addresses: readonly Admitted[]
  /** `observe` also talks to a certificate nobody trusts: only for probing, never with secrets. */
  tls: 'verify' | 'observe'
  timeoutMs: number
}

/** One connection to checked addresses and no others: the name is not asked again (SS-02). */
export function pinned({ origin, addresses, tls, timeoutMs }: PinOptions): PinnedConnection {
  let seen: SeenTls | null = null
  const dial = buildConnector({
    lookup: fixedLookup(addresses),
    rejectUnauthorized: tls === 'verify',
    timeout: timeoutMs,
    allowH2: false,
    maxCachedSessions: 0,
  })
  const connect: buildConnector.connector = (options, done) =>
    dial(options, (...result) => {
      const [, socket] = result
      if (socket instanceof TLSSocket) seen = seenOf(socket)
      done(...result)
    })
  const client = new Client(origin, {
    connect,
    allowH2: false,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 32 * 1024,
  })
  return { client, seen: () => seen }
}

function fixedLookup(addresses: readonly Admitted[]): LookupFunction {
  const answers = addresses.map(({ address }) => ({ address, family: address.includes(':') ? 6 : 4 }))
  return (_host, options, done) => {
    const family = Number(options.family ?? 0)
    const fitting = answers.filter((a) => family === 0 || a.family === family)
    const [first] = fitting
    if (!first)
      return done(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '', 0)
    if (options.all) return done(null, fitting)
    done(null, first.address, first.family)
  }
}

function seenOf(socket: TLSSocket): SeenTls {
  const { subject, issuer } = socket.getPeerCertificate()
  const same = JSON.stringify(subject ?? {}) === JSON.stringify(issuer ?? {})
  const name = subject?.CN ?? subject?.O ?? ''
  return {
    trusted: socket.authorized,
    selfSigned: !socket.authorized && same,
    subject: [name].flat().join(', ').slice(0, 200),
  }
}
