import { describe, expect, test } from 'vitest'
import { afterWho, who } from './actor.ts'

describe('sentences about who did something', () => {
  test('the reader is called You, others by name, programs by what they are', () => {
    expect(who({ kind: 'user', name: 'noor' }, 'noor')).toBe('You')
    expect(who({ kind: 'user', name: 'mara' }, 'noor')).toBe('mara')
    expect(who({ kind: 'cli', name: 'noor' }, 'noor')).toBe('The command line')
    expect(who({ kind: 'system', name: 'applier' }, 'noor')).toBe('Argos')
  })
  test.each([
    ['Published app.example', 'published app.example'],
    ['ACME directory changed', 'ACME directory changed'],
    ['signed in', 'signed in'],
    ['', ''],
  ])('%j goes on as %j', (words, want) => {
    expect(afterWho(words)).toBe(want)
  })
})
