import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { assertionService } from './assertions.ts'
import { gateBench, insertGroup, insertHost, insertPolicy, now } from './testing.ts'

const json = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))

const nameOf: Readonly<Record<string, string>> = { h_app: 'app.example.com', h_two: 'b.two.net' }

async function bench() {
  const b = await gateBench()
  await insertPolicy(b.db, 'o_all', [])
  const access = { kind: 'policy' as const, policyId: 'o_all', paths: [], keep: true }
  await insertHost(b.db, 'h_app', ['app.example.com'], { access: { ...access, assertion: true } })
  await insertHost(b.db, 'h_two', ['a.two.net', 'b.two.net'], { access: { ...access, assertion: true } })
  await insertHost(b.db, 'h_git', ['git.example.com'], { access: { ...access, assertion: false } })
  await b.user('u_maya', { email: 'maya@example.com' })
  await insertGroup(b.db, 'g_1', 'family', 'u_maya')
  const { id } = await b.session('u_maya')
  const jwt = async (host = 'h_app') =>
    (await b.facts(await b.cookie(id, host), { host, name: nameOf[host] })).body.facts.jwt as
      | string
      | undefined
  const jwks = async () => {
    const res = await b.app.inject({ url: '/.well-known/jwks.json', headers: { host: 'panel.example.com' } })
    expect(res.statusCode).toBe(200)
    return res.json().keys
  }
  return { ...b, jwt, jwks }
}

test('an app that asks for it is told who it is in a signed word for it alone, good for a minute', async () => {
  const b = await bench()
  expect(await b.jwks()).toEqual([])
  const [head, claims, signature = ''] = ((await b.jwt()) ?? '').split('.')
  const [key] = await b.jwks()
  expect(json(head)).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: key.kid })
  expect(json(claims)).toMatchObject({
    ...{ iss: 'argos', sub: 'u_maya', aud: 'app.example.com', iat: now / 1_000, exp: now / 1_000 + 60 },
    ...{ preferred_username: 'maya', name: 'maya', email: 'maya@example.com', groups: ['family'] },
  })
  const publicKey = createPublicKey({ key, format: 'jwk' })
  const signed = Buffer.from(signature, 'base64url')
  expect(verify(null, Buffer.from(`${head}.${claims}`), publicKey, signed)).toBe(true)
  expect(verify(null, Buffer.from(`${head}.${claims}x`), publicKey, signed)).toBe(false)
  expect(JSON.stringify(key)).not.toContain('"d"')
})

test('it is signed anew for each answer, so that it is fresh when what is remembered is old', async () => {
  const b = await bench()
  const { id } = await b.session('u_maya')
  const cookie = await b.cookie(id)
  const issued = async () => json((await b.facts(cookie)).body.facts.jwt.split('.')[1]).iat
  expect(await issued()).toBe(now / 1_000)
  b.clock.advance(29_000)
  expect(await issued()).toBe(now / 1_000 + 29)
})

test('what a cookie says is for its name, what an app’s password says for all; who does not ask gets none', async () => {
  const b = await bench()
  expect(json((await b.jwt('h_two'))?.split('.')[1]).aud).toBe('b.two.net')
  const token = await b.appPassword({ id: 'a_1', user_id: 'u_maya', host_id: 'h_two' })
  const { facts } = (await b.facts(token, { kind: 'bearer', host: 'h_two', name: 'b.two.net' })).body
  expect(json(facts.jwt.split('.')[1]).aud).toEqual(['b.two.net', 'a.two.net'])
  expect(await b.jwt('h_git')).toBeUndefined()
})

test('SC-01 the key is sealed in the database, and the same after a restart', async () => {
  const b = await bench()
  await b.jwt()
  const { envelope } = await b.db.selectFrom('sealed').selectAll().executeTakeFirstOrThrow()
  expect(envelope).toMatch(/^v1:[0-9a-f]{16}:/)
  expect(envelope).not.toContain('PRIVATE')
  const again = assertionService({ db: b.db, clock: b.clock, masterKey: b.config.masterKey })
  expect((await again.keys()).keys).toEqual(await b.jwks())
})

test('SC-05 with another master key nothing is signed, no key is made, and people are known as before', async () => {
  const b = await bench()
  const other = { db: b.db, clock: b.clock, masterKey: Buffer.alloc(32, 7), readOnly: true }
  const assertions = assertionService(other)
  const { facts } = (await b.facts(await b.cookie((await b.session('u_maya')).id))).body
  expect(await assertions.of(facts, ['app.example.com'], 'argos')).toBeNull()
  expect(await assertions.keys()).toEqual({ keys: [] })
})
