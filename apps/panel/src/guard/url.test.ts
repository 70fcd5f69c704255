import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GuardError } from './error.ts'
import { callableHeaders, callableUrl } from './url.ts'

describe('callableUrl', () => {
  test.each([
    'file:///etc/passwd',
    'gopher://example.net/1',
    'ftp://example.net',
    'javascript:alert(1)',
    'data:text/html,x',
    'unix:/run/edge.sock',
    'http://user@example.net',
    'http://user:pass@example.net/',
    'http://@example.net/',
    'https://example.net@127.0.0.1/',
    'http://example.net/a\r\nHost: x',
    'http://example.net/%0d%0aSet-Cookie:x',
    'http://exam\nple.net/',
    'http://example.net/\u0000',
    'http://example.net/\u2028',
    'not a url',
    '',
  ])('SS-04 %j is refused', (text) => {
    expect(() => callableUrl(text)).toThrow(GuardError)
  })

  test.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://134744072/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
  ])('SS-01 %s hides an address and is refused', (text) => {
    expect(() => callableUrl(text)).toThrow(GuardError)
  })

  test.each([
    'http://192.168.1.20:8080',
    'https://app.example/a?b=c',
    'http://[fd00::1]:8080/',
    'http://nas',
  ])('%s is fine', (text) => {
    expect(callableUrl(text).href).toContain(text)
  })

  test('SS-04 whatever is typed, what comes out is http or https and names nobody', () => {
    const part = fc.constantFrom(
      'http',
      'HTTPS',
      'file',
      ':',
      '/',
      '\\',
      '@',
      '?',
      '#',
      '[::1]',
      '0x7f',
      '.',
      'a.example',
      '\n',
    )
    const texts = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.array(part, { maxLength: 8 }).map((p) => p.join('')),
    )
    const safe = (text: string) => {
      try {
        const { protocol, username, password } = callableUrl(text)
        return /^https?:$/.test(protocol) && username + password === ''
      } catch (err) {
        return err instanceof GuardError
      }
    }
    fc.assert(fc.property(texts, safe))
    fc.assert(fc.property(texts, (rest) => safe(`http://${rest}`)))
  })
})

test.each([
  { 'x-a': 'b\r\nx-c: d' },
  { 'x a': 'b' },
  { 'x\r\ny': 'b' },
  { host: 'other' },
  { 'Content-Length': '3' },
])('SS-04 the header %j is refused', (headers) => {
  expect(() => callableHeaders(headers as Record<string, string>)).toThrow(GuardError)
})
