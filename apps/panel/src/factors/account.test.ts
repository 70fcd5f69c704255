import {
  factorsView,
  meView,
  recoveryCodesMake,
  sessionList,
  stepUp,
  totpBegin,
  totpConfirm,
  totpDisable,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { admin, type Client } from '../testing.ts'
import { base32, factorsBench, ok, STEP_MS, softKey, withPasskey, withTotp } from './testing.ts'

const MINUTE = 60_000

async function bench() {
  const panel = await factorsBench()
  const anna = panel.from()
  await anna.signIn()
  /** How often the edge was told, or would have been: nothing answers on its socket here. */
  const evicted = async () => {
    const row = await panel.db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'evictions_owed')
      .executeTakeFirst()
    return Number(row?.value ?? 0)
  }
  return { ...panel, anna, evicted }
}
const works = async (client: Client) => (await client.call(meView)).statusCode === 200

describe('setting up an authenticator app', () => {
  test('shows the secret once, as text and as what a QR code says, and keeps it sealed', async () => {
    const { anna, db } = await bench()
    const { secret, uri } = (await ok(anna, totpBegin)).json<{ secret: string; uri: string }>()
    expect(base32(secret)).toHaveLength(20)
    expect(uri).toBe(
      `otpauth://totp/Argos%20panel.example.com:anna?secret=${secret}&issuer=Argos%20panel.example.com`,
    )
    const row = await db.selectFrom('totp').selectAll().executeTakeFirstOrThrow()
    expect([row.confirmed_at, /^v1:/.test(row.secret)]).toEqual([null, true])
    expect((await ok(anna, factorsView)).json()).toMatchObject({ totp: null, recoveryCodes: null })
    const again = (await ok(anna, totpBegin)).json<{ secret: string }>()
    expect(again.secret).not.toBe(secret)
  })

  test('a right code turns it on and brings ten codes; a wrong one changes nothing', async () => {
    const { anna, code, clock, words } = await bench()
    const { secret } = (await ok(anna, totpBegin)).json<{ secret: string }>()
    const wrong = await anna.call(totpConfirm, { code: '000000' })
    expect([wrong.statusCode, (await ok(anna, factorsView)).json().totp]).toEqual([400, null])
    const on = await ok(anna, totpConfirm, { code: code(secret).code })
    expect(new Set(on.json().recoveryCodes).size).toBe(10)
    expect(on.json().recoveryCodes[0]).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
    expect((await ok(anna, factorsView)).json()).toMatchObject({
      totp: { since: clock.now() },
      recoveryCodes: { left: 10, of: 10 },
    })
    expect(await words()).toContain('Turned an authenticator app on as second factor')
  })

  test('one secret at a time: what was begun before, or an hour ago, is not confirmed', async () => {
    const { anna, code, clock, from } = await bench()
    const first = (await ok(anna, totpBegin)).json<{ secret: string }>()
    await ok(anna, totpBegin)
    expect((await anna.call(totpConfirm, { code: code(first.secret).code })).statusCode).toBe(400)
    const other = from()
    await other.signIn()
    const late = (await ok(other, totpBegin)).json<{ secret: string }>()
    clock.advance(60 * MINUTE)
    expect((await other.call(totpConfirm, { code: code(late.secret).code })).statusCode).toBe(409)
  })

  test('twenty confirmations at once turn it on once, with one set of codes', async () => {
    const { anna, code, db } = await bench()
    const { secret } = (await ok(anna, totpBegin)).json<{ secret: string }>()
    const body = { code: code(secret).code }
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.call(totpConfirm, body)))
    expect(answers.filter((res) => res.statusCode === 200)).toHaveLength(1)
    expect(await db.selectFrom('recovery_code').selectAll().execute()).toHaveLength(10)
  })

  test('one that is on is not replaced', async () => {
    const set = await bench()
    const { secret } = await withTotp(set, set.anna)
    expect((await set.anna.call(totpBegin)).statusCode).toBe(409)
    expect((await set.anna.call(totpConfirm, { code: set.code(secret).code })).statusCode).toBe(409)
  })

  test('who signed in more than ten minutes ago proves who they are first', async () => {
    const { anna, clock } = await bench()
    clock.advance(10 * MINUTE)
    expect((await anna.call(totpBegin)).json().code).toBe('step_up_required')
    await ok(anna, stepUp, { method: 'password', password: admin.password })
    await ok(anna, totpBegin)
  })
})

describe('each change of the factors', () => {
  test('SE-01 SE-05 FA-19 ends the other sessions, gives this one a new token, and makes the edge forget the person', async () => {
    const set = await bench()
    const { anna, from, evicted, code, signIn, sessions } = set
    const [phone, tablet] = [from(), from()]
    await phone.signIn()
    await tablet.signIn()
    const before = anna.cookie()
    const told = await evicted()
    const { secret, codes } = await withTotp(set, anna)
    expect([await works(anna), await works(phone), await works(tablet)]).toEqual([true, false, false])
    expect([anna.cookie() === before, await evicted(), (await sessions()).length]).toEqual([
      false,
      told + 1,
      1,
    ])
    // The former token is worth nothing.
    expect(
      (await from().send({ method: 'GET', url: '/api/v1/me', headers: { cookie: before } })).statusCode,
    ).toBe(401)

    const second = await signIn(code(secret))
    set.clock.advance(STEP_MS)
    await ok(anna, recoveryCodesMake, { password: admin.password, factor: code(secret) })
    expect([await works(anna), await works(second), await evicted()]).toEqual([true, false, told + 2])

    const third = await signIn({ method: 'totp', code: code(secret, 1).code })
    set.clock.advance(2 * STEP_MS)
    const off = await ok(anna, totpDisable, { password: admin.password, factor: code(secret) })
    expect(off.json()).toEqual({ atOnce: false })
    expect([await works(anna), await works(third), await evicted()]).toEqual([true, false, told + 3])
    expect(codes).toHaveLength(10)
  })

  test('SE-05 a passkey does as well', async () => {
    const { anna, from, evicted } = await bench()
    const phone = from()
    await phone.signIn()
    const told = await evicted()
    await withPasskey(anna, softKey())
    expect([await works(anna), await works(phone), await evicted()]).toEqual([true, false, told + 1])
  })

  test('a refused one ends nothing and tells nobody', async () => {
    const set = await bench()
    const { anna, evicted, code, signIn, clock, sessions } = set
    const { secret } = await withTotp(set, anna)
    const phone = await signIn(code(secret))
    clock.advance(STEP_MS)
    const [told, before] = [await evicted(), await sessions()]
    for (const body of [
      { password: 'wrong', factor: code(secret) },
      { password: admin.password, factor: { method: 'totp', code: '000000' } },
      { factor: code(secret) },
    ])
      expect((await anna.call(totpDisable, body)).statusCode).toBe(400)
    expect([await works(phone), await evicted(), await sessions()]).toEqual([true, told, before])
  })

  test('what was just proven counts for policies; with the last factor gone nothing does', async () => {
    const set = await bench()
    const { anna, code, clock } = set
    const factorAt = async () => (await ok(anna, meView)).json().session.factorAt as number | null
    expect(await factorAt()).toBeNull()
    const { secret } = await withTotp(set, anna)
    expect(await factorAt()).toBe(clock.now() - STEP_MS)
    clock.advance(60 * MINUTE)
    await ok(anna, stepUp, code(secret))
    expect(await factorAt()).toBe(clock.now())
    clock.advance(STEP_MS)
    await ok(anna, totpDisable, { password: admin.password, factor: code(secret) })
    expect(await factorAt()).toBeNull()
  })
})

describe('turning the app off', () => {
  test('takes the recovery codes with it, and the password alone signs in again', async () => {
    const set = await bench()
    const { anna, code, from, db } = set
    const { secret } = await withTotp(set, anna)
    await ok(anna, totpDisable, { password: admin.password, factor: code(secret) })
    expect(await db.selectFrom('recovery_code').selectAll().execute()).toEqual([])
    await expect(from().signIn()).resolves.toBeDefined()
    expect(
      (await anna.call(totpDisable, { password: admin.password, factor: code(secret) })).statusCode,
    ).toBe(409)
  })

  test('an account without a password shows its factor alone', async () => {
    const set = await bench()
    const { anna, code, db } = set
    const { secret } = await withTotp(set, anna)
    await db.updateTable('user').set({ password_hash: '' }).execute()
    const wrong = await anna.call(totpDisable, { factor: { method: 'totp', code: '000000' } })
    expect(wrong.statusCode).toBe(400)
    await ok(anna, totpDisable, { factor: code(secret) })
  })

  test('TO-01 a code that stepped up signs nobody in', async () => {
    const set = await bench()
    const { anna, code, from, firstStep, second } = set
    const { secret } = await withTotp(set, anna)
    await ok(anna, stepUp, code(secret))
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret))).statusCode).toBe(400)
  })

  test('TO-04 a step-up draws on the same budget', async () => {
    const set = await bench()
    const { anna, code } = set
    const { secret } = await withTotp(set, anna)
    const wrong = { method: 'totp', code: '000000' }
    const answers = await Promise.all(Array.from({ length: 30 }, () => anna.call(stepUp, wrong)))
    expect(answers.filter((res) => res.statusCode === 400)).toHaveLength(4)
    expect((await anna.call(stepUp, code(secret))).statusCode).toBe(429)
  })
})

describe('an administrator', () => {
  const disable = (client: Client, id: string) =>
    client.send({
      method: 'POST',
      url: `/api/v1/users/${id}/factors/disable`,
      headers: { origin: 'https://panel.example.com', 'x-csrf-token': client.csrf() },
    })

  async function withBert() {
    const set = await bench()
    const { db, from, clock } = set
    const { password_hash } = await db.selectFrom('user').select('password_hash').executeTakeFirstOrThrow()
    const bert = { id: 'u_00000000000000000000', username: 'bert', password_hash, role: 'member' } as const
    const more = { disabled: 0, created_at: clock.now(), email: null, password_changed_at: null } as const
    await db
      .insertInto('user')
      .values({ ...bert, ...more })
      .execute()
    const client = from()
    await client.signIn({ username: 'bert', password: admin.password })
    await withTotp(set, client)
    await withPasskey(client, softKey())
    return { ...set, bert, client, credentials: { username: 'bert', password: admin.password } }
  }

  test('SE-05 FA-19 takes all factors of somebody away, whose sessions and half sign-ins end', async () => {
    const { anna, bert, client, evicted, from, firstStep, second, credentials, words, db } = await withBert()
    const half = from()
    const { id } = await firstStep(half, credentials)
    const told = await evicted()
    const res = await disable(anna, bert.id)
    expect(res.json()).toEqual({ totp: true, passkeys: 1, atOnce: false })
    expect([await works(client), await works(anna), await evicted()]).toEqual([false, true, told + 1])
    expect((await second(half, id, { method: 'totp', code: '000000' })).statusCode).toBe(401)
    for (const table of ['totp', 'passkey', 'recovery_code', 'login_challenge'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    await expect(from().signIn(credentials)).resolves.toBeDefined()
    expect(await words()).toContain('Took the second factors of bert away')
  })

  test('not their own that way, and a member nobody’s', async () => {
    const set = await withBert()
    const { anna, client, bert, db } = set
    const annasId = (await ok(anna, meView)).json().user.id as string
    expect((await disable(anna, annasId)).statusCode).toBe(403)
    expect((await disable(client, annasId)).statusCode).toBe(403)
    expect((await disable(anna, 'u_nobody')).statusCode).toBe(404)
    set.clock.advance(10 * MINUTE)
    expect((await disable(anna, bert.id)).json().code).toBe('step_up_required')
    expect(await db.selectFrom('passkey').selectAll().execute()).toHaveLength(1)
  })
})

test('what has run out is dropped', async () => {
  const set = await bench()
  const { anna, from, firstStep, second, clock, db, workers } = set
  const { secret } = await withTotp(set, anna)
  const browser = from()
  const { id } = await firstStep(browser)
  await second(browser, id, { method: 'totp', code: '000000' })
  await db.updateTable('totp').set({ confirmed_at: null }).execute()
  const tidy = workers.find(({ name }) => name === 'factors-tidying')
  const rows = async () =>
    Promise.all(
      (['login_challenge', 'totp', 'account_failure'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    )
  await tidy?.run(AbortSignal.abort())
  expect(await rows()).toEqual([1, 1, 1])
  clock.advance(24 * 60 * MINUTE)
  await tidy?.run(AbortSignal.abort())
  expect([await rows(), secret === '']).toEqual([[0, 0, 0], false])
})

test('the list of sessions says which were begun with a second factor', async () => {
  const set = await bench()
  const { anna, code, signIn } = set
  const { secret } = await withTotp(set, anna)
  const phone = await signIn(code(secret))
  const { sessions } = (await ok(phone, sessionList)).json<{ sessions: { factorAt: number | null }[] }>()
  expect(sessions.every(({ factorAt }) => factorAt !== null)).toBe(true)
})
