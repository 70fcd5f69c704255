import { expect, test } from 'vitest'
import { fakeClock } from '../db/testing.ts'
import { states } from './oidc.state.ts'

const of = {
  issuer: 'https://a.example',
  clientId: 'argos',
  purpose: 'sign_in',
  session: null,
  authorize: null,
} as const
const masterKey = Buffer.alloc(32, 7)

test('OI-20 what was begun is remembered by nobody but the browser; what was finished, until its end', () => {
  const clock = fakeClock()
  const service = states({ masterKey, clock })
  for (let n = 0; n < 2_000; n++) service.begin(of)
  expect(service.size).toBe(0)
  const { begun, cookie } = service.begin(of)
  service.take(cookie, begun.state)
  expect(() => service.take(cookie, begun.state)).toThrow(/is over/)
  expect(service.size).toBe(1)
})

test('OI-14 a state from before a restart is over: nobody knows whether it was used', () => {
  const clock = fakeClock()
  const { begun, cookie } = states({ masterKey, clock }).begin(of)
  clock.advance(1_000)
  const restarted = states({ masterKey, clock })
  expect(() => restarted.take(cookie, begun.state)).toThrow(/is over/)
})
