import { login, logout, passwordChange, recoveryCodesMake, totpBegin, totpDisable } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { admin, clientOf, throughEdge } from '../testing.ts'
import { base32, codeAt, type FactorsBench, factorsBench, ok, STEP_MS, withTotp } from './testing.ts'

import { stepOf } from './totp.ts'

const MINUTE = 60_000

async function enrolled() {
  const bench = await factorsBench()
  const anna = bench.from()
  await anna.signIn()
  const { secret, codes } = await withTotp(bench, anna)
  return { ...bench, anna, secret, codes }
}
const statuses = (answers: readonly { statusCode: number }[]) => answers.map((res) => res.statusCode).sort()

describe('an authenticator app at the sign-in', () => {
  test('the password alone gets neither cookie nor session, the code then both', async () => {
    const { from, second, sessions, code, secret } = await enrolled()
    const browser = from()
    const before = await sessions()
    const half = await browser.call(login, admin)
    expect(half.json()).toMatchObject({ kind: 'challenge', challenge: { methods: ['totp', 'recovery'] } })
    expect([half.cookies, await sessions()]).toEqual([[], before])
    const whole = await second(browser, half.json().challenge.id, code(secret))
    expect(whole.json()).toMatchObject({ kind: 'signed_in', me: { user: { username: 'anna' } } })
    expect(whole.cookies[0]).toMatchObject({ name: '__Host-panel', httpOnly: true })
    expect(await sessions()).toHaveLength(before.length + 1)
  })

  test('SE-01 a session that the browser brought is not the one it has after the code', async () => {
    const { anna, firstStep, second, code, secret, from } = await enrolled()
    const planted = anna.cookie()
    const { id } = await firstStep(anna)
    expect((await second(anna, id, code(secret))).statusCode).toBe(200)
    expect(anna.cookie()).not.toBe(planted)
    const old = await from().send({ method: 'GET', url: '/api/v1/me', headers: { cookie: planted } })
    expect(old.statusCode).toBe(401)
  })

  test('TO-01 the same code in fifty browsers at once signs in one of them', async () => {
    const { from, firstStep, second, sessions, code, secret } = await enrolled()
    const before = (await sessions()).length
    const browsers = Array.from({ length: 10 }, (_, n) => from(`203.0.113.${n}`))
    const challenges = await Promise.all(browsers.map((browser) => firstStep(browser)))
    const right = code(secret)
    const tries = browsers.flatMap((browser, n) =>
      Array.from({ length: 5 }, () => second(browser, challenges[n]?.id ?? '', right)),
    )
    const answers = await Promise.all(tries)
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1)
    expect(await sessions()).toHaveLength(before + 1)
  })

  test.each([
    [-2, 400],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 400],
  ])('TO-02 a code of the step %i away from now is answered with %i', async (steps, status) => {
    const { anna, from, firstStep, second, code, secret, clock } = await enrolled()
    await ok(anna, logout)
    clock.advance(5 * STEP_MS)
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret, steps))).statusCode).toBe(status)
  })

  test('TO-03 once a newer code was taken, an older one is refused though it is not late', async () => {
    const { signIn, from, firstStep, second, code, secret } = await enrolled()
    await signIn(code(secret, 1))
    for (const steps of [-1, 0, 1]) {
      const browser = from()
      const { id } = await firstStep(browser)
      expect((await second(browser, id, code(secret, steps))).statusCode).toBe(400)
    }
  })

  test('TO-03 the code that turned the app on signs nobody in', async () => {
    const { from, firstStep, second, code, secret } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret, -1))).statusCode).toBe(400)
  })

  test('TO-08 a secret that was never confirmed changes no sign-in', async () => {
    const { from } = await factorsBench()
    const anna = from()
    await anna.signIn()
    await ok(anna, totpBegin)
    await expect(from().signIn()).resolves.toMatchObject({ user: { username: 'anna' } })
  })

  test.each([
    [
      'digits of another script',
      (right: string) => right.replaceAll(/\d/g, (d) => '٠١٢٣٤٥٦٧٨٩'[Number(d)] ?? d),
    ],
    [
      'full-width digits',
      (right: string) => right.replaceAll(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d))),
    ],
    ['seven digits', (right: string) => `${right}0`],
    ['five digits', (right: string) => right.slice(1)],
    ['a sign', (right: string) => `+${right.slice(1)}`],
    ['nothing', () => ''],
    ['an array', (right: string) => [right]],
    ['a number', (right: string) => Number(right)],
    ['an object', (right: string) => ({ toString: right })],
    ['null', () => null],
    ['a very long text', (right: string) => right.repeat(10_000)],
  ])('TO-09 %s for a code is refused, and the right code still signs in', async (_, bend) => {
    const { from, firstStep, second, code, secret } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    const right = code(secret)
    const res = await second(browser, id, { method: 'totp', code: bend(right.code) })
    expect([res.statusCode, res.json().code]).toEqual([400, 'invalid'])
    const spaced = { method: 'totp', code: `${right.code.slice(0, 3)} ${right.code.slice(3)}` }
    expect((await second(browser, id, spaced)).statusCode).toBe(200)
  })

  test('neither database, nor audit, nor event holds secret or recovery code', async () => {
    const { db, secret, codes, signIn } = await enrolled()
    await signIn({ method: 'recovery', code: codes[0] ?? '' })
    const rows = await Promise.all(
      (['totp', 'recovery_code', 'audit', 'outbox', 'login_challenge'] as const).map((table) =>
        db.selectFrom(table).selectAll().execute(),
      ),
    )
    const dump = JSON.stringify(rows).toLowerCase()
    for (const held of [
      secret,
      base32(secret).toString('hex'),
      ...codes,
      ...codes.map((c) => c.replaceAll('-', '')),
    ])
      expect(dump).not.toContain(held.toLowerCase())
    expect(dump).toContain('v1:')
  })
})

describe('recovery codes', () => {
  test('TO-06 fifty uses of one code at once sign in one browser, and later ones none', async () => {
    const { from, firstStep, second, sessions, codes } = await enrolled()
    const before = (await sessions()).length
    const browsers = Array.from({ length: 10 }, (_, n) => from(`203.0.113.${n}`))
    const challenges = await Promise.all(browsers.map((browser) => firstStep(browser)))
    const factor = { method: 'recovery', code: codes[3] }
    const answers = await Promise.all(
      browsers.flatMap((browser, n) =>
        Array.from({ length: 5 }, () => second(browser, challenges[n]?.id ?? '', factor)),
      ),
    )
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1)
    expect(await sessions()).toHaveLength(before + 1)
  })

  test('TO-06 each of the ten works once, in any spelling, and none of another person does', async () => {
    const { signIn, from, firstStep, second, codes, clock } = await enrolled()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes.slice(0, 2)) await signIn({ method: 'recovery', code: code.toUpperCase() })
    await signIn({ method: 'recovery', code: (codes[2] ?? '').replaceAll('-', ' ') })
    const browser = from()
    const { id } = await firstStep(browser)
    for (const wrong of [codes[0], 'zzzz-zzzz-zzzz-zzzz', '']) {
      const res = await second(browser, id, { method: 'recovery', code: wrong })
      expect([res.statusCode, res.json().code]).toEqual([400, 'invalid'])
    }
    clock.advance(MINUTE)
    expect((await second(browser, id, { method: 'recovery', code: codes[9] })).statusCode).toBe(200)
  })

  test('TO-06 what is stored is an envelope that opens in its own row only', async () => {
    const { db, anna, codes, from, firstStep, second } = await enrolled()
    const rows = await db.selectFrom('recovery_code').selectAll().orderBy('position').execute()
    expect(rows.every(({ hash }) => /^v1:[0-9a-f]{16}:/.test(hash))).toBe(true)
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(10)
    expect(anna.cookie()).not.toBe('')
    // Whoever can write rows copies the envelope of a code they know over another one.
    await db
      .updateTable('recovery_code')
      .set({ hash: rows[0]?.hash ?? '' })
      .where('position', '=', 1)
      .execute()
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, { method: 'recovery', code: codes[5] })).statusCode).toBe(500)
  })

  test('TO-07 with new codes the old ones are dead, and a sign-in that waits is over', async () => {
    const { anna, from, firstStep, second, codes, code, secret, words } = await enrolled()
    const waits = from()
    const { id } = await firstStep(waits)
    const made = await ok(anna, recoveryCodesMake, { password: admin.password, factor: code(secret) })
    const fresh = made.json<{ recoveryCodes: string[] }>().recoveryCodes
    expect(fresh.filter((one) => codes.includes(one))).toEqual([])
    expect((await second(waits, id, { method: 'recovery', code: fresh[0] })).statusCode).toBe(401)
    const browser = from()
    const next = await firstStep(browser)
    expect((await second(browser, next.id, { method: 'recovery', code: codes[0] })).statusCode).toBe(400)
    expect((await second(browser, next.id, { method: 'recovery', code: fresh[0] })).statusCode).toBe(200)
    expect(await words()).toContain('Made ten new recovery codes; the old ones ended')
  })
})

describe('the budget of an account', () => {
  const wrong = { method: 'totp', code: '000000' }
  /** Five wrong codes from five addresses; the clock is where no step's code is six zeros. */
  const spend = async ({ from, firstStep, second }: FactorsBench) => {
    const answers = []
    for (let n = 1; n <= 5; n += 1) {
      const browser = from(`198.51.100.${n}`)
      const { id } = await firstStep(browser)
      answers.push(await second(browser, id, wrong))
    }
    return answers
  }

  test('TO-04 the fifth wrong code ends all half sign-ins of the account, wherever they came from', async () => {
    const bench = await enrolled()
    const { from, firstStep, second, code, secret, codes, clock, db, words } = bench
    const mine = from('192.0.2.1')
    const { id } = await firstStep(mine)
    expect((await spend(bench)).map((res) => res.statusCode)).toEqual([400, 400, 400, 400, 429])
    expect((await second(mine, id, code(secret))).statusCode).toBe(401)
    const again = await firstStep(mine)
    for (const factor of [code(secret), { method: 'recovery', code: codes[0] }]) {
      const res = await second(mine, again.id, factor)
      expect([res.statusCode, res.headers['retry-after']]).toEqual([429, '900'])
    }
    expect(
      await db.selectFrom('outbox').selectAll().where('type', '=', 'factor.exhausted').execute(),
    ).toHaveLength(1)
    expect(await words()).toContain('Takes no codes of anna for 15 minutes after 5 wrong ones')
    clock.advance(15 * MINUTE)
    const later = await firstStep(mine)
    expect((await second(mine, later.id, code(secret))).statusCode).toBe(200)
  })

  test('TO-04 a hundred wrong codes at once are judged five times', async () => {
    const { from, firstStep, second, db } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    const answers = await Promise.all(Array.from({ length: 100 }, () => second(browser, id, wrong)))
    const counts = Map.groupBy(answers, (res) => res.statusCode)
    expect([counts.get(400)?.length, counts.get(200)]).toEqual([4, undefined])
    expect(await db.selectFrom('account_failure').selectAll().execute()).toHaveLength(5)
  })

  test('TO-04 each five more double the pause, and whoever is right begins anew', async () => {
    const bench = await enrolled()
    const { clock, from, firstStep, second, signIn, code, secret } = bench
    await spend(bench)
    clock.advance(15 * MINUTE)
    expect((await spend(bench)).at(-1)?.headers['retry-after']).toBe('1800')
    clock.advance(15 * MINUTE)
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret))).statusCode).toBe(429)
    clock.advance(15 * MINUTE)
    await signIn(code(secret))
    clock.advance(STEP_MS)
    expect((await spend(bench)).at(-1)?.headers['retry-after']).toBe('900')
  })

  test.each([
    ['a wrong code', totpDisable, { password: admin.password, factor: wrong }],
    ['a wrong password', totpDisable, { password: 'wrong', factor: null }],
    ['a wrong code for new codes', recoveryCodesMake, { password: admin.password, factor: wrong }],
  ])('TO-04 %s of somebody signed in counts as well', async (_, op, body) => {
    const { anna, code, secret, from, firstStep, second, hashed } = await enrolled()
    const sent = { ...body, factor: body.factor ?? code(secret) }
    const before = hashed.length
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.call(op, sent)))
    expect(answers.filter((res) => res.statusCode === 400)).toHaveLength(4)
    expect(answers.filter((res) => res.statusCode === 429)).toHaveLength(16)
    expect(hashed.length - before).toBe(5)
    const right = { password: admin.password, factor: code(secret) }
    expect((await anna.call(op, right)).statusCode).toBe(429)
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret))).statusCode).toBe(429)
  })
})

describe('a sign-in that waits', () => {
  test('TO-05 it is finished once', async () => {
    const { from, firstStep, second, code, secret, clock } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    expect((await second(browser, id, code(secret))).statusCode).toBe(200)
    clock.advance(STEP_MS)
    expect((await second(browser, id, code(secret))).statusCode).toBe(401)
  })

  test('TO-05 it runs out after five minutes', async () => {
    const { from, firstStep, second, code, secret, clock } = await enrolled()
    const browser = from()
    const { id, expiresAt } = await firstStep(browser)
    expect(expiresAt - clock.now()).toBe(5 * MINUTE)
    clock.advance(5 * MINUTE - 1)
    expect((await second(browser, id, { method: 'totp', code: '000000' })).statusCode).toBe(400)
    clock.advance(1)
    expect((await second(browser, id, code(secret))).statusCode).toBe(401)
  })

  test('TO-05 another person’s code does not finish it', async () => {
    const bench = await enrolled()
    const { db, from, firstStep, second, code, secret, clock } = bench
    const other = { username: 'bert', password: admin.password }
    const { password_hash } = await db.selectFrom('user').select('password_hash').executeTakeFirstOrThrow()
    await db
      .insertInto('user')
      .values({
        id: 'u_00000000000000000000',
        username: 'bert',
        password_hash,
        role: 'admin',
        disabled: 0,
        created_at: clock.now(),
        email: null,
        password_changed_at: null,
      })
      .execute()
    const bert = from()
    await bert.signIn(other)
    const berts = await withTotp(bench, bert)
    const browser = from()
    const { id } = await firstStep(browser)
    const factors = [code(berts.secret), { method: 'recovery', code: berts.codes[0] }]
    for (const factor of factors) expect((await second(browser, id, factor)).statusCode).toBe(400)
    expect((await second(browser, id, code(secret))).statusCode).toBe(200)
  })

  test('TO-05 it ends when the password changes', async () => {
    const { anna, from, firstStep, second, code, secret, clock } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    await ok(anna, passwordChange, { current: admin.password, password: 'another long password' })
    clock.advance(STEP_MS)
    expect((await second(browser, id, code(secret))).statusCode).toBe(401)
  })

  test.each([
    ['disabled', { disabled: 1 }],
    ['given another password', { password_hash: 'x' }],
  ] as const)('TO-05 it ends when the account is %s', async (_, set) => {
    const { db, from, firstStep, second, code, secret } = await enrolled()
    const browser = from()
    const { id } = await firstStep(browser)
    await db.updateTable('user').set(set).execute()
    expect((await second(browser, id, code(secret))).statusCode).toBe(401)
  })

  test.each(['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}'`])('TO-05 %j is none', async (id) => {
    const { from, second, code, secret } = await enrolled()
    expect((await second(from(), id, code(secret))).statusCode).toBe(401)
  })

  test('CS-01 another site finishes none', async () => {
    const { app, firstStep, second, code, secret, from } = await enrolled()
    const { id } = await firstStep(from())
    const foreign = clientOf(app, throughEdge, 'https://evil.example')
    expect((await second(foreign, id, code(secret))).statusCode).toBe(403)
  })
})

test('TO-02 codes are those of RFC 6238, appendix B', () => {
  const secret = Buffer.from('12345678901234567890')
  // The last six of the eight digits that the appendix prints.
  const vectors = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const
  const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  for (const [seconds, code] of vectors) {
    expect(codeAt(secret, seconds * 1_000)).toBe(code)
    expect(stepOf(text, code, seconds * 1_000, null)).toBe(Math.floor(seconds / 30))
  }
})
