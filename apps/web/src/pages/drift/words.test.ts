import { expect, test } from 'vitest'
import { driftSentence, effectOf, noAdoptAll } from './words.ts'

const host = { kind: 'host' } as const

test('the sentence counts by kind', () => {
  expect(driftSentence([])).toBe('The edge is as the panel left it.')
  expect(driftSentence([host])).toBe('Somebody changed 1 host at the edge by hand.')
  expect(driftSentence([host, { kind: 'base' }, { kind: 'pool' }, host])).toBe(
    'Somebody changed 2 hosts, 1 pool and listeners, logs and certificate rules at the edge by hand.',
  )
})

test('each decision says what it does to this one', () => {
  expect(effectOf('reapply', { kind: 'host', how: 'edited' })).toMatch(/^Visitors get what the panel has/)
  expect(effectOf('reapply', { kind: 'host', how: 'added' })).toBe('It goes away from the edge.')
  expect(effectOf('adopt', { kind: 'host', how: 'removed' })).toBe('It is deleted in the panel as well.')
  expect(effectOf('adopt', { kind: 'pool', how: 'edited' })).toMatch(/Nothing changes for visitors/)
})

test('why all of it cannot be adopted', () => {
  expect(noAdoptAll([{ name: 'a', noAdopt: null }])).toBeNull()
  expect(
    noAdoptAll([
      { name: 'a', noAdopt: null },
      { name: 'b', noAdopt: 'The panel has no word for it.' },
    ]),
  ).toBe('b cannot be adopted: The panel has no word for it.')
  expect(
    noAdoptAll([
      { name: 'a', noAdopt: 'x' },
      { name: 'b', noAdopt: 'y' },
    ]),
  ).toMatch(/^2 of them/)
})
