import type { Invitation, User } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import {
  endsWords,
  factorLight,
  findsPerson,
  invitationLight,
  membersWords,
  peopleLead,
  waysWords,
} from './words.ts'

const user = (over: Partial<User> = {}): User => ({
  id: 'u_1',
  username: 'anna',
  displayName: 'Anna',
  email: 'anna@home.example',
  role: 'member',
  disabled: false,
  createdAt: 1,
  signsInWith: ['password'],
  secondFactor: false,
  groups: [{ id: 'g_1', name: 'family', source: 'manual' }],
  sessions: 0,
  lastSeenAt: null,
  ...over,
})
const invitation = (over: Partial<Invitation> = {}): Invitation => ({
  id: 'i_1',
  role: 'member',
  groups: [],
  email: '',
  note: '',
  createdAt: 1,
  createdBy: 'noor',
  expiresAt: 1_000,
  usedAt: null,
  usedBy: null,
  ...over,
})

describe('a second factor that is not there', () => {
  test('is missed of an administrator with a password, and said quietly of a member', () => {
    expect(factorLight(user({ role: 'admin' })).state).toBe('warn')
    expect(factorLight(user()).state).toBe('off')
    expect(factorLight(user({ role: 'admin', secondFactor: true })).state).toBe('ok')
  })
  test('is not missed where there is no password to guess', () => {
    expect(factorLight(user({ role: 'admin', signsInWith: ['single_sign_on'] })).state).toBe('off')
  })
})

test('the list begins with a sentence, which names what somebody should act on', () => {
  expect(peopleLead([user({ role: 'admin', secondFactor: true }), user()])).toBe(
    'Two people, 1 of them an administrator.',
  )
  expect(peopleLead([user({ role: 'admin' }), user({ disabled: true })])).toBe(
    'Two people, 1 of them an administrator. One account is disabled. One administrator has no second factor.',
  )
})

test.each([
  [invitation(), 500, 'open'],
  [invitation(), 1_000, 'ran out'],
  [invitation({ usedAt: 600, usedBy: 'anna' }), 2_000, 'used by anna'],
])('what became of an invitation: %#', (one, now, words) => {
  expect(invitationLight(one, now).words).toBe(words)
})

test('people are found by every word that stands somewhere: name, e-mail, role, group', () => {
  expect(findsPerson(user(), 'family anna')).toBe(true)
  expect(findsPerson(user(), 'member home.example')).toBe(true)
  expect(findsPerson(user(), 'anna work')).toBe(false)
})

test('ways to sign in, members and what ends are said in words', () => {
  expect(waysWords(user({ signsInWith: ['password', 'passkey', 'single_sign_on'] }))).toBe(
    'password, passkey or single sign-on',
  )
  expect(waysWords(user({ signsInWith: [] }))).toBe('no way in yet')
  expect(membersWords([])).toBe('nobody')
  expect(membersWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
  expect(endsWords(user({ sessions: 2 }))).toContain('Two open sessions end')
})
