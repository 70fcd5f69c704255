import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Certificate, selfSigned } from './certificate.ts'
import { eventually } from './eventually.ts'
import { startProgram } from './program.ts'
import { freePorts, scratch } from './scratch.ts'
import { findProgram } from './tools.ts'

/** A real ACME server on loopback whose names all resolve to 127.0.0.1. */
export interface Pebble extends AsyncDisposable {
  readonly directory: string
  /** PEM of the CA that signed the directory's own certificate: a client must trust it to talk to it. */
  readonly directoryRoot: string
  /** PEM of the root that signs what it issues; new at each start. */
  issuerRoot(): Promise<string>
  output(): string
  close(): Promise<void>
}

/** Starts Pebble. It validates HTTP-01 on `httpPort` and TLS-ALPN-01 on `tlsPort`, which must be the edge's. */
export async function startPebble({
  httpPort,
  tlsPort,
}: {
  httpPort: number
  tlsPort: number
}): Promise<Pebble> {
  const folder = scratch('pebble-')
  const [acme = 0, management = 0, dns = 0, dnsManagement = 0] = await freePorts(4)
  const own: Certificate = selfSigned(['localhost', '127.0.0.1'])
  const file = (name: string, content: string) => {
    const path = join(folder.path, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  const config = {
    pebble: {
      listenAddress: `127.0.0.1:${acme}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: file('cert.pem', own.cert),
      privateKey: file('key.pem', own.key),
      httpPort,
      tlsPort,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
    },
  }
  const names = startProgram({
    name: 'pebble-challtestsrv',
    command: findProgram('pebble-challtestsrv') ?? 'pebble-challtestsrv',
    args: [
      ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`],
      ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv4', '127.0.0.1', '-defaultIPv6', ''],
    ],
  })
  const server = startProgram({
    name: 'pebble',
    command: findProgram('pebble') ?? 'pebble',
    args: ['-config', file('config.json', JSON.stringify(config)), '-dnsserver', `127.0.0.1:${dns}`],
    env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
  })
  const close = async () => {
    await Promise.all([server.kill('SIGKILL'), names.kill('SIGKILL')])
    folder[Symbol.dispose]()
  }
  const directory = `https://127.0.0.1:${acme}/dir`
  const get = async (url: string): Promise<string> => {
    const { Agent, request } = await import('undici')
    const { body } = await request(url, { dispatcher: new Agent({ connect: { ca: own.cert } }) })
    return body.text()
  }
  try {
    await eventually('Pebble answers', () => get(directory))
  } catch (err) {
    await close()
    throw new Error(`Pebble did not start: ${server.output()}${names.output()}`, { cause: err })
  }
  return {
    directory,
    directoryRoot: own.cert,
    issuerRoot: () => get(`https://127.0.0.1:${management}/roots/0`),
    output: () => server.output(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
