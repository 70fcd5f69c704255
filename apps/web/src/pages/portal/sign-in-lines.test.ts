import type { Factors } from '@argos/contract'
import { expect, test } from 'vitest'
import { signInLines } from './sign-in-lines.ts'

const factors = (over: Partial<Factors> = {}): Factors => ({
  totp: null,
  passkeys: [],
  recoveryCodes: null,
  passkeysHere: { possible: true, problem: null },
  ...over,
})
const passkey = (name: string) => ({ id: name, name, createdAt: 0, lastUsedAt: null, backedUp: false })
const said = (of: Factors) => signInLines(of).map(({ state, words, act }) => `${state}: ${words}. ${act}`)

test('without any second factor one is suggested, and no codes are spoken of', () => {
  expect(said(factors())).toEqual(['off: No passkey. Add one', 'suggestion: No two-step code. Set up'])
})

test('few recovery codes ask for new ones before the last is gone', () => {
  const with2 = factors({ totp: { since: 0 }, recoveryCodes: { left: 2, of: 10 } })
  expect(said(with2)).toContain('warn: 2 of 10 recovery codes left. New codes')
  const with3 = factors({ totp: { since: 0 }, recoveryCodes: { left: 3, of: 10 } })
  expect(said(with3)).toContain('ok: 3 of 10 recovery codes left. New codes')
})

test('passkeys are named, or counted', () => {
  expect(said(factors({ passkeys: [passkey('iPhone')] }))[0]).toBe('ok: Passkey iPhone. Add one')
  expect(said(factors({ passkeys: [passkey('iPhone'), passkey('Key')] }))[0]).toBe('ok: 2 passkeys. Add one')
})
