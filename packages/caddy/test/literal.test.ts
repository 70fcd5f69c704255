import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile, literal } from '../src/index.ts'
import { anInput } from './factories.ts'

/** Caddy's scan (replacer.go): a brace with a backslash before it loses that one and is text; any other `{` opens. */
function expand(input: string): string {
  if (!/[{}]/.test(input)) return input
  let out = ''
  let from = 0
  for (let i = 0; i < input.length; i++) {
    const brace = input[i] === '{' || input[i] === '}'
    if (brace && i > 0 && input[i - 1] === '\\') {
      out += input.slice(from, i - 1)
      from = i
    } else if (input[i] === '{') throw new Error(`a placeholder opens at ${i}`)
  }
  return out + input.slice(from)
}

const text = fc
  .array(fc.constantFrom('{', '}', '\\', 'env.HOME', 'a', '"', '\n', '{file./etc/passwd}', '\\{x\\}'))
  .map((p) => p.join(''))

test('CF-02 escaped text opens no placeholder and comes back as it was', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (t) => expand(literal(t)) === t),
    { numRuns: 2_000 },
  )
})

test("CF-02 a person's text never stands unescaped where Caddy expands placeholders", () => {
  const { base } = compile(
    anInput({
      settings: { acmeEmail: '{env.HOME}@example.com', acmeDirectory: 'https://{file./etc/passwd}/' },
      places: { logDir: '/srv/{env.HOME}' },
    }),
  )
  const { issuers } = base.apps.tls.automation.policies.at(-1) ?? { issuers: [] }
  expect(issuers[0]).toMatchObject({
    email: '\\{env.HOME\\}@example.com',
    ca: 'https://\\{file./etc/passwd\\}/',
  })
  expect(base.logging.logs.default.writer.filename).toBe('/srv/\\{env.HOME\\}/edge.log')
})
