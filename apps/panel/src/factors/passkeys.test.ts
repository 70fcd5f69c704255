import {
  factorPasskeyOptions,
  factorsView,
  login,
  loginChallengeView,
  loginPasskey,
  loginPasskeyOptions,
  meView,
  passkeyAdd,
  passkeyBegin,
  recoveryCodesMake,
  totpDisable,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { admin, type Client, clientOf, throughEdge } from '../testing.ts'
import {
  type CreationOptions,
  factorsBench,
  ok,
  panelDomain,
  type RequestOptions,
  softKey,
  withPasskey,
  withTotp,
} from './testing.ts'

const MINUTE = 60_000

async function withKey() {
  const bench = await factorsBench()
  const anna = bench.from()
  await anna.signIn()
  const key = softKey()
  const { passkey, recoveryCodes } = await withPasskey(anna, key)
  const aloneOptions = async (browser: Client) =>
    (await ok(browser, loginPasskeyOptions)).json<{ passkey: RequestOptions }>().passkey
  const secondOptions = async (browser: Client, id: string) =>
    (await ok(browser, loginChallengeView, { id })).json<{ passkey: RequestOptions }>().passkey
  return {
    ...bench,
    anna,
    key,
    passkeyId: passkey.id,
    codes: recoveryCodes ?? [],
    aloneOptions,
    secondOptions,
  }
}

describe('a passkey as second factor', () => {
  test('the first one brings recovery codes, and the sign-in asks for it from then on', async () => {
    const { from, firstStep, second, secondOptions, key, codes } = await withKey()
    expect(codes).toHaveLength(10)
    const browser = from()
    const { id, methods } = await firstStep(browser)
    expect(methods).toEqual(['passkey', 'recovery'])
    const options = await secondOptions(browser, id)
    expect(options.allowCredentials?.map((one) => one.id)).toEqual([key.id])
    const factor = { method: 'passkey', assertion: key.assert(options, { verified: false }) }
    const res = await second(browser, id, factor)
    expect([res.statusCode, res.json().me.session.factorAt]).toEqual([200, res.json().me.session.authAt])
  })

  test.each([
    ['for another page', { origin: 'https://evil.example' }],
    ['for another name', { rpId: 'evil.example' }],
    ['over another challenge', { challenge: Buffer.alloc(54).toString('base64url') }],
    ['of another kind', { type: 'webauthn.create' }],
  ])('TO-05 what it signs %s is refused, and the sign-in goes on', async (_, bend) => {
    const { from, firstStep, second, secondOptions, key } = await withKey()
    const browser = from()
    const { id } = await firstStep(browser)
    const options = await secondOptions(browser, id)
    const refused = await second(browser, id, { method: 'passkey', assertion: key.assert(options, bend) })
    expect([refused.statusCode, refused.json().code]).toEqual([400, 'invalid'])
    const right = { method: 'passkey', assertion: key.assert(options) }
    expect((await second(browser, id, right)).statusCode).toBe(200)
  })

  test('TO-05 a signature for one sign-in finishes no other, and none twice', async () => {
    const { from, firstStep, second, secondOptions, key, sessions } = await withKey()
    const [one, two] = [from(), from()]
    const [first, other] = [await firstStep(one), await firstStep(two)]
    const assertion = key.assert(await secondOptions(one, first.id))
    expect((await second(two, other.id, { method: 'passkey', assertion })).statusCode).toBe(400)
    const before = (await sessions()).length
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => second(one, first.id, { method: 'passkey', assertion })),
    )
    expect(answers.filter((res) => res.statusCode === 200)).toHaveLength(1)
    expect(await sessions()).toHaveLength(before + 1)
  })

  test('a key that counts backwards was copied, and is refused', async () => {
    const { from, firstStep, second, secondOptions, key, db } = await withKey()
    await db.updateTable('passkey').set({ counter: 1_000 }).execute()
    const browser = from()
    const { id } = await firstStep(browser)
    const assertion = key.assert(await secondOptions(browser, id))
    expect((await second(browser, id, { method: 'passkey', assertion })).statusCode).toBe(400)
  })

  test('another person’s passkey finishes no sign-in', async () => {
    const { from, firstStep, second, secondOptions, key, db, clock } = await withKey()
    const browser = from()
    const { id } = await firstStep(browser)
    const assertion = key.assert(await secondOptions(browser, id))
    const bert = {
      id: 'u_00000000000000000000',
      username: 'bert',
      password_hash: '',
      role: 'member',
    } as const
    const more = { disabled: 0, created_at: clock.now(), email: null, password_changed_at: null } as const
    await db
      .insertInto('user')
      .values({ ...bert, ...more })
      .execute()
    await db.updateTable('passkey').set({ user_id: bert.id }).execute()
    expect((await second(browser, id, { method: 'passkey', assertion })).statusCode).toBe(400)
  })

  test('TO-04 while the account takes no codes, its passkey still signs in', async () => {
    const { from, firstStep, second, secondOptions, key, codes } = await withKey()
    const browser = from()
    for (let n = 1; n <= 5; n += 1) {
      const { id } = await firstStep(browser)
      await second(browser, id, { method: 'recovery', code: 'zzzz-zzzz-zzzz-zzzz' })
    }
    const { id } = await firstStep(browser)
    expect((await second(browser, id, { method: 'recovery', code: codes[0] })).statusCode).toBe(429)
    const assertion = key.assert(await secondOptions(browser, id))
    expect((await second(browser, id, { method: 'passkey', assertion })).statusCode).toBe(200)
  })
})

describe('a passkey alone', () => {
  test('signs in without name or password, and counts as both factors', async () => {
    const { from, aloneOptions, key, words, db } = await withKey()
    const browser = from()
    const options = await aloneOptions(browser)
    expect([options.userVerification, options.allowCredentials ?? []]).toEqual(['required', []])
    const res = await browser.call(loginPasskey, { assertion: key.assert(options) })
    expect(res.json()).toMatchObject({ kind: 'signed_in', me: { user: { username: 'anna' } } })
    expect(res.json().me.session.factorAt).toBe(res.json().me.session.authAt)
    expect((await browser.call(meView)).statusCode).toBe(200)
    expect((await words()).at(-1)).toBe('Signed in')
    const methods = await db.selectFrom('session').select('method').execute()
    expect(methods).toContainEqual({ method: 'passkey' })
  })

  test.each([
    ['that did not check the person', { verified: false }],
    ['for another page', { origin: 'https://evil.example' }],
    ['for another name', { rpId: 'evil.example' }],
    ['that names nobody', { userHandle: null }],
    ['that names somebody else', { userHandle: Buffer.from('u_somebody').toString('base64url') }],
  ])('one %s is refused', async (_, bend) => {
    const { from, aloneOptions, key, sessions } = await withKey()
    const browser = from()
    const before = await sessions()
    const res = await browser.call(loginPasskey, { assertion: key.assert(await aloneOptions(browser), bend) })
    expect([res.statusCode, res.cookies, await sessions()]).toEqual([401, [], before])
  })

  test('what it signed signs in once, also when it comes twenty times at once', async () => {
    const { from, aloneOptions, key, sessions } = await withKey()
    const before = (await sessions()).length
    const assertion = key.assert(await aloneOptions(from()))
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => from().call(loginPasskey, { assertion })),
    )
    expect(answers.filter((res) => res.statusCode === 200)).toHaveLength(1)
    expect(await sessions()).toHaveLength(before + 1)
  })

  test('the same of a passkey that does not count, as those that are synced', async () => {
    const { anna, from, aloneOptions, sessions } = await withKey()
    const synced = softKey('https://panel.example.com', false)
    await withPasskey(anna, synced, 'Synced')
    const before = (await sessions()).length
    const assertion = synced.assert(await aloneOptions(from()))
    const tries = Array.from({ length: 20 }, () => from().call(loginPasskey, { assertion }))
    expect((await Promise.all(tries)).filter((res) => res.statusCode === 200)).toHaveLength(1)
    expect((await from().call(loginPasskey, { assertion })).statusCode).toBe(401)
    expect(await sessions()).toHaveLength(before + 1)
  })

  test('the challenge runs out after five minutes, and one for a second factor is none for this', async () => {
    const { from, firstStep, secondOptions, aloneOptions, key, clock } = await withKey()
    const browser = from()
    const late = await aloneOptions(browser)
    const { id } = await firstStep(browser)
    const other = await secondOptions(browser, id)
    expect((await browser.call(loginPasskey, { assertion: key.assert(other) })).statusCode).toBe(401)
    clock.advance(5 * MINUTE)
    expect((await browser.call(loginPasskey, { assertion: key.assert(late) })).statusCode).toBe(401)
  })

  test('a disabled account’s does not sign in', async () => {
    const { from, aloneOptions, key, db } = await withKey()
    await db.updateTable('user').set({ disabled: 1 }).execute()
    const assertion = key.assert(await aloneOptions(from()))
    expect((await from().call(loginPasskey, { assertion })).statusCode).toBe(401)
  })
})

describe('where passkeys work', () => {
  const at = (app: Parameters<typeof clientOf>[0], host: string, scheme = 'https') =>
    clientOf(app, { ...throughEdge, host, 'x-argos-proto': scheme }, `${scheme}://${host}`)

  test.each([
    ['the panel’s own name', 'panel.example.com', 'https', true],
    ['the same at another port', 'panel.example.com:9443', 'https', true],
    ['localhost', 'localhost:9080', 'http', true],
    ['an address', '192.168.1.5:9443', 'https', false],
    ['a name that is not the panel’s', 'other.example.com', 'https', false],
    ['a name under it', 'x.panel.example.com', 'https', false],
    ['the panel’s own name without TLS', 'panel.example.com', 'http', false],
  ])('%s', async (_, host, scheme, possible) => {
    const { app } = await factorsBench()
    const anna = at(app, host, scheme)
    await anna.signIn()
    const { passkeysHere } = (await ok(anna, factorsView)).json()
    expect(passkeysHere.possible).toBe(possible)
    const begun = await anna.call(passkeyBegin)
    expect(begun.statusCode).toBe(possible ? 200 : 409)
    if (possible) expect(begun.json().passkey.rp.id).toBe(new URL(`${scheme}://${host}`).hostname)
    else
      expect(begun.json().message).toBe(
        'Passkeys work only at https://panel.example.com: open the panel there.',
      )
  })

  test('an account whose only factor is a passkey is not let in elsewhere without one: a recovery code is asked for', async () => {
    const { app, codes, firstStep, second } = await withKey()
    const byAddress = at(app, '192.168.1.5:9443')
    const { id, methods } = await firstStep(byAddress)
    expect(methods).toEqual(['recovery'])
    expect((await second(byAddress, id, { method: 'recovery', code: codes[0] })).statusCode).toBe(200)
  })

  test('and when its codes are used up, the refusal says where the passkey works', async () => {
    const { app, db, sessions } = await withKey()
    await db.updateTable('recovery_code').set({ used_at: 1 }).execute()
    const before = await sessions()
    const res = await at(app, '192.168.1.5:9443').call(login, admin)
    expect([res.statusCode, res.json().message]).toEqual([
      403,
      'Your account asks for a passkey. Passkeys work only at https://panel.example.com: open the panel there.',
    ])
    expect(await sessions()).toEqual(before)
  })

  test('a passkey of the panel’s former name is not offered at the new one', async () => {
    const bench = await withKey()
    await panelDomain(bench, 'new.example.com')
    const { methods } = await bench.firstStep(at(bench.app, 'new.example.com'))
    expect(methods).toEqual(['recovery'])
  })

  test('without a name of its own the panel says what to do', async () => {
    const bench = await factorsBench()
    await panelDomain(bench, '')
    const anna = bench.from()
    await anna.signIn()
    expect((await ok(anna, factorsView)).json().passkeysHere).toEqual({
      possible: false,
      problem: 'Passkeys need a name for the panel: set its domain in the settings.',
    })
  })
})

describe('adding a passkey', () => {
  const begin = async (client: Client) =>
    (await ok(client, passkeyBegin)).json<{ passkey: CreationOptions }>().passkey

  test('what an authenticator made for another session, page or name is refused', async () => {
    const { anna, from, signIn, db, codes } = await withKey()
    const options = await begin(anna)
    expect(options.excludeCredentials).toHaveLength(1)
    const other = await signIn({ method: 'recovery', code: codes[0] ?? '' }, from())
    const refused = async (client: Client, attestation: unknown) =>
      (await client.call(passkeyAdd, { name: 'x', attestation })).statusCode
    expect(await refused(other, softKey().attest(options))).toBe(400)
    expect(await refused(anna, softKey('https://evil.example').attest(options))).toBe(400)
    expect(await refused(anna, softKey().attest(options, { rpId: 'evil.example' }))).toBe(400)
    expect(await db.selectFrom('passkey').selectAll().execute()).toHaveLength(1)
    expect(
      (await anna.call(passkeyAdd, { name: 'x', attestation: softKey().attest(options) })).statusCode,
    ).toBe(201)
  })

  test('the same one is added once, and with a second one the codes stay', async () => {
    const { anna, key } = await withKey()
    const again = await anna.call(passkeyAdd, { name: 'again', attestation: key.attest(await begin(anna)) })
    expect([again.statusCode, again.json().message]).toEqual([409, 'This passkey is added already.'])
    expect((await withPasskey(anna, softKey(), 'Phone')).recoveryCodes).toBeNull()
  })

  test('who signed in more than ten minutes ago proves who they are first', async () => {
    const { anna, clock } = await withKey()
    clock.advance(10 * MINUTE)
    const res = await anna.call(passkeyBegin)
    expect([res.statusCode, res.json().code]).toEqual([403, 'step_up_required'])
  })

  test('it is renamed and removed by its owner, with password and factor', async () => {
    const { anna, key, passkeyId, codes, words } = await withKey()
    const phone = await withPasskey(anna, softKey(), 'Phone')
    const send = (id: string, path: string, payload: object, method: 'PATCH' | 'POST') =>
      anna.send({
        method,
        url: `/api/v1/me/passkeys/${id}${path}`,
        headers: { origin: 'https://panel.example.com', 'x-csrf-token': anna.csrf() },
        payload,
      })
    expect((await send(phone.passkey.id, '', { name: ' Old phone ' }, 'PATCH')).json().name).toBe('Old phone')
    expect((await send('k_nobodys', '', { name: 'x' }, 'PATCH')).statusCode).toBe(404)
    const proof = { password: admin.password, factor: { method: 'recovery', code: codes[0] } }
    expect((await send('k_nobodys', '/remove', proof, 'POST')).statusCode).toBe(404)
    const wrong = await send(phone.passkey.id, '/remove', { ...proof, password: 'wrong' }, 'POST')
    expect([wrong.statusCode, wrong.json().fields[0].path]).toEqual([400, 'password'])
    expect((await send(phone.passkey.id, '/remove', proof, 'POST')).statusCode).toBe(200)
    // The code of the refused try was not used up; this one is.
    const last = { password: admin.password, factor: { method: 'recovery', code: codes[1] } }
    expect((await send(passkeyId, '/remove', last, 'POST')).statusCode).toBe(200)
    expect((await ok(anna, factorsView)).json()).toMatchObject({
      totp: null,
      passkeys: [],
      recoveryCodes: null,
    })
    expect(await words()).toEqual(
      expect.arrayContaining(['Renamed the passkey Phone to Old phone', 'Removed the passkey Old phone']),
    )
    expect(key.id).not.toBe('')
  })

  test('the codes stay while the app is there, and the passkey proves for its own account', async () => {
    const bench = await withKey()
    const { anna, key } = bench
    const { secret } = await withTotp(bench, anna).catch(() => ({ secret: '' }))
    expect(secret).not.toBe('')
    const options = (await ok(anna, factorPasskeyOptions)).json<{ passkey: RequestOptions }>().passkey
    const factor = { method: 'passkey', assertion: key.assert(options) }
    const off = await anna.call(totpDisable, { password: admin.password, factor })
    expect(off.statusCode).toBe(200)
    expect((await ok(anna, factorsView)).json()).toMatchObject({
      totp: null,
      recoveryCodes: { left: 10, of: 10 },
    })
    // Once more with the same signature: it was for one act.
    expect((await anna.call(recoveryCodesMake, { password: admin.password, factor })).statusCode).toBe(400)
  })
})
