import { expect, test } from 'vitest'
import { asUrl, byVerdict, momentOf } from './tester.ts'

test('people stand together by what comes of it, those who get in first, and nobody is left out', () => {
  const people = [
    { id: 'u_1', name: 'Anna', verdict: 'denied' as const },
    { id: 'u_2', name: 'Ben', verdict: 'open' as const },
    { id: 'u_3', name: 'Cleo', verdict: 'factor' as const },
    { id: 'u_4', name: 'Dan', verdict: 'open' as const },
  ]
  expect(byVerdict(people).map(({ verdict, people: those }) => [verdict, those.map((p) => p.name)])).toEqual([
    ['open', ['Ben', 'Dan']],
    ['factor', ['Cleo']],
    ['denied', ['Anna']],
  ])
  expect(byVerdict([])).toEqual([])
})

test('a time is read in the browser’s clock; an empty or half-typed one is now', () => {
  expect(momentOf('2026-11-25T14:30')).toBe(new Date(2026, 10, 25, 14, 30).getTime())
  expect(momentOf('')).toBeUndefined()
  expect(momentOf('soon')).toBeUndefined()
})

test('a name without a scheme is asked as https, a whole address as it is', () => {
  expect(asUrl(' photos.example.com/api ')).toBe('https://photos.example.com/api')
  expect(asUrl('http://photos.example.com')).toBe('http://photos.example.com')
  expect(asUrl('')).toBe('')
})
