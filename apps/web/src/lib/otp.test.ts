import { expect, test } from 'vitest'
import { digitsOf } from './otp.ts'

test.each([
  ['482913', '482913'],
  ['482 913', '482913'],
  [' Your code: 482-913.', '482913'],
  ['48291', '48291'],
  ['4829137', '482913'],
  ['abc', ''],
])('%s is the code %s', (typed, code) => expect(digitsOf(typed)).toBe(code))
