import { describe, expect, test } from 'vitest'
import { sentence, who } from './actor.ts'

const noor = { kind: 'user', name: 'noor' } as const
const argos = { kind: 'system', name: 'apply' } as const

describe('sentences about who did something', () => {
  test('the reader is called You, others by name, programs by what they are', () => {
    expect(who(noor, 'noor')).toBe('You')
    expect(who(noor, 'mara')).toBe('noor')
    expect(who({ kind: 'cli', name: 'noor' }, 'noor')).toBe('The command line')
    expect(who(argos, 'noor')).toBe('Argos')
  })
  test.each([
    [noor, 'Published app.example', 'You published app.example'],
    [noor, 'Trusts no proxies in front', 'noor trusts no proxies in front'],
    [noor, "Uses Argos' own authority", "noor uses Argos' own authority"],
    [noor, 'signed in', 'You signed in'],
    [
      argos,
      'Gave the edge its configuration; it had none.',
      'Argos gave the edge its configuration; it had none',
    ],
    [argos, 'The edge did not serve what was saved.', ' The edge did not serve what was saved'],
  ])('%j %j reads %j', (actor, words, want) => {
    const { who: name, does } = sentence(actor, words, 'noor')
    expect(`${name} ${does}`).toBe(want)
  })
})
