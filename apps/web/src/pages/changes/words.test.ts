import { describe, expect, test } from 'vitest'
import { probeLight } from './words.ts'

describe('what a visit found', () => {
  test.each([
    ['Answers 200 in 12 ms.', 'ok'],
    ['Answers 404 in 3 ms.', 'ok'],
    ['Answers 502: the service behind it does not.', 'warn'],
    ['HTTPS to a.example failed: nobody listens there.', 'warn'],
    ['Paused: answers 404.', 'off'],
    ['Its certificate is being issued.', 'busy'],
    [null, 'unknown'],
  ])('%j is %s', (probe, state) => {
    expect(probeLight(probe).state).toBe(state)
  })
  test('names in capitals stay as they are', () => {
    expect(probeLight('HTTPS to a.example failed.').words).toBe('HTTPS to a.example failed')
  })
})
