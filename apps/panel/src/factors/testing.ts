import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import {
  type Challenge,
  type FactorProof,
  type LoginAnswer,
  login,
  loginChallenge,
  type Operation,
  type PasskeyAssertion,
  type PasskeyAttestation,
  passkeyAdd,
  passkeyBegin,
  type SignedInAnswer,
  totpBegin,
  totpConfirm,
} from '@argos/contract'
import type { z } from 'zod'
import { admin, type Client, clientOf, type TestPanel, testPanel, throughEdge } from '../testing.ts'

export const STEP_MS = 30_000
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, for secrets as authenticator apps take them. */
export function base32(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** What an authenticator app shows: RFC 6238 written out, beside the library that judges it. */
export function codeAt(secret: Buffer, ms: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / STEP_MS)))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const at = (mac[19] ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A panel of one person, with a name of its own, and browsers anywhere. */
export async function factorsBench(options: Parameters<typeof testPanel>[0] = {}) {
  const panel = await testPanel(options)
  await panelDomain(panel, 'panel.example.com')
  const from = (address = '203.0.113.7') => clientOf(panel.app, { ...throughEdge, 'x-argos-client': address })
  const firstStep = async (client: Client, credentials: object = admin): Promise<Challenge> => {
    const answer = (await client.call(login, credentials)).json<LoginAnswer>()
    if (answer.kind !== 'challenge')
      throw new Error(`no second factor is asked for: ${JSON.stringify(answer)}`)
    return answer.challenge
  }
  const second = (client: Client, id: string, factor: unknown) => client.call(loginChallenge, { id, factor })
  return {
    ...panel,
    from,
    firstStep,
    second,
    /** Both steps; throws when it does not sign in. */
    async signIn(factor: FactorProof, client = from()): Promise<Client> {
      const { id } = await firstStep(client)
      const res = await second(client, id, factor)
      if (res.statusCode !== 200) throw new Error(`second step: ${res.statusCode} ${res.body}`)
      client.signedIn(res.json<z.infer<typeof SignedInAnswer>>().me)
      return client
    },
    sessions: () => panel.db.selectFrom('session').selectAll().execute(),
    words: async () =>
      (await panel.db.selectFrom('audit').select('words').execute()).map(({ words }) => words),
    code: (secret: string, steps = 0) => ({
      method: 'totp' as const,
      code: codeAt(base32(secret), panel.clock.now() + steps * STEP_MS),
    }),
  }
}
export type FactorsBench = Awaited<ReturnType<typeof factorsBench>>

/** As the settings say it; no edge has to agree here. */
export async function panelDomain({ db }: Pick<TestPanel, 'db'>, name: string): Promise<void> {
  const row = await db.selectFrom('setting').select('json').executeTakeFirst()
  const json = JSON.stringify({ ...(row ? (JSON.parse(row.json) as object) : {}), panelDomain: name })
  if (row) await db.updateTable('setting').set({ json }).execute()
  else await db.insertInto('setting').values({ id: 1, json, version: 1 }).execute()
}

/** An authenticator app that is on, with its recovery codes. The clock stands one step after the code that was used. */
export async function withTotp(bench: FactorsBench, client: Client) {
  const { secret } = (await ok(client, totpBegin)).json<{ secret: string }>()
  const answer = await ok(client, totpConfirm, { code: bench.code(secret).code })
  bench.clock.advance(STEP_MS)
  const { recoveryCodes } = answer.json<{ recoveryCodes: string[] }>()
  return { secret, codes: recoveryCodes }
}

export async function withPasskey(client: Client, key: SoftKey, name = 'Laptop') {
  const { passkey } = (await ok(client, passkeyBegin)).json<{ passkey: CreationOptions }>()
  const answer = await ok(client, passkeyAdd, { name, attestation: key.attest(passkey) })
  return answer.json<{ passkey: { id: string }; recoveryCodes: string[] | null }>()
}

export async function ok(client: Client, op: Operation, body?: unknown) {
  const res = await client.call(op, body)
  if (res.statusCode !== op.status) throw new Error(`${op.id}: ${res.statusCode} ${res.body}`)
  return res
}

export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
  readonly excludeCredentials?: readonly { readonly id: string }[]
}
export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
  readonly userVerification: string
  readonly allowCredentials?: readonly { readonly id: string }[]
}
interface Bend {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly verified?: boolean
  readonly type?: string
  readonly userHandle?: string | null
}
export interface SoftKey {
  readonly id: string
  attest(options: CreationOptions, bend?: Bend): PasskeyAttestation
  assert(options: RequestOptions, bend?: Bend): PasskeyAssertion
}

const b64 = (data: Buffer | string) => Buffer.from(data).toString('base64url')
const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()

/** An authenticator with one ES256 key, in software. What it is told to bend, it does wrong. Synced ones do not count. */
export function softKey(origin = 'https://panel.example.com', counts = true): SoftKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  let counter = 0
  let handle = ''
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
  const clientData = (type: string, challenge: string, bend: Bend) =>
    Buffer.from(
      JSON.stringify({
        type: bend.type ?? type,
        challenge: bend.challenge ?? challenge,
        origin: bend.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const authData = (rpId: string, bend: Bend, flags: number, more = Buffer.alloc(0)) => {
    if (counts) counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const seen = flags | 1 | ((bend.verified ?? true) ? 4 : 0)
    return Buffer.concat([sha256(bend.rpId ?? rpId), Buffer.from([seen]), count, more])
  }
  return {
    id: b64(id),
    attest({ challenge, rp, user }, bend = {}) {
      handle = user.id
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const data = authData(rp.id, bend, 0x40, Buffer.concat([Buffer.alloc(16), length, id, cose]))
      const head = Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex')
      const attestation = Buffer.concat([head, Buffer.from([0x58, data.length]), data])
      return {
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        response: {
          clientDataJSON: b64(clientData('webauthn.create', challenge, bend)),
          attestationObject: b64(attestation),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    assert({ challenge, rpId }, bend = {}) {
      const client = clientData('webauthn.get', challenge, bend)
      const data = authData(rpId, bend, 0)
      return {
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        response: {
          clientDataJSON: b64(client),
          authenticatorData: b64(data),
          signature: b64(sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)),
          userHandle: bend.userHandle === undefined ? handle : bend.userHandle,
        },
        clientExtensionResults: {},
      }
    },
  }
}
