import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** A self-signed certificate and its key, both PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Makes an EC P-256 certificate, valid for a day, that is its own CA. Names and IP addresses become its SANs. */
export function selfSigned(names: readonly string[], { ca = true }: { ca?: boolean } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Date.now()
  const subject = name(names[0] ?? 'test')
  const tbs = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    subject,
    sequence(time(now - 3_600_000), time(now + 86_400_000)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(alternativeNames(names), basicConstraints(ca))),
  )
  const signature = bitString(sign('sha256', tbs, privateKey))
  return { cert: pem('CERTIFICATE', sequence(tbs, ecdsaWithSha256, signature)), key: keyPem(privateKey) }
}

const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`

/** DER (X.690), as much of it as RFC 5280 needs here. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const tagged = (n: number, part: Buffer): Buffer => der(0xa0 + n, part)
const integer = (bytes: Buffer): Buffer => der(0x02, bytes)
const bitString = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes)
const octets = (bytes: Buffer): Buffer => der(0x04, bytes)
const truth = der(0x01, Buffer.from([0xff]))
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const time = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`))

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const name = (common: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(common)))))
const basicConstraints = (ca: boolean): Buffer =>
  sequence(oid('551d13'), truth, octets(sequence(...(ca ? [truth] : []))))
const alternativeNames = (names: readonly string[]): Buffer =>
  sequence(oid('551d11'), octets(sequence(...names.map(alternativeName))))
const alternativeName = (n: string): Buffer =>
  isIP(n) === 4 ? der(0x87, Buffer.from(n.split('.').map(Number))) : der(0x82, Buffer.from(n))
