import { expect, test } from 'vitest'
import { canonicalPath } from './paths.ts'

test.each(['/ſhare', '/\u00e9', '/﹨x', '/a b', '/\u0000', '/\u007f'])(
  'F15 %j was not sent by a browser as it stands, and has no one reading',
  (sent) => {
    expect(canonicalPath(sent)).toBeNull()
  },
)

test.each([
  ['/caf%C3%A9', '/café'],
  ['/a%20b', '/a b'],
])('%j is read as %j', (sent, path) => {
  expect(canonicalPath(sent)).toBe(path)
})
