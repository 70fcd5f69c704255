import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowed, denied, unserved } from './return-to.testing.ts'
import { pathTarget, returnTarget, type Targets } from './return-to.ts'

const targets: Targets = {
  panelOrigin: 'https://panel.example.com',
  origins: new Set(['https://app.example.com', 'https://git.example.com']),
}
const own = new Set(['https://panel.example.com', ...targets.origins])

/** Where a browser at the panel ends up. */
const landsAt = (target: string): string => new URL(target, 'https://panel.example.com/login').origin
const once = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

describe('where people are sent after they signed in', () => {
  test.each(allowed)('RT-01 %j is a target', (raw) => {
    const target = returnTarget(raw, targets)
    expect(target).not.toBeNull()
    expect(own).toContain(landsAt(target ?? ''))
  })

  test.each([...denied, ...unserved])('RT-01 %j is none', (raw) => {
    expect(returnTarget(raw, targets)).toBeNull()
  })

  test.each([...allowed, ...denied, ...unserved])(
    'RT-02 F17 %j leads nowhere else, decoded once or twice',
    (raw) => {
      for (const text of [raw, once(raw), once(once(raw))]) {
        const target = returnTarget(text, targets)
        if (target === null) continue
        // An app may decode what it is given once or twice before it redirects by itself.
        for (const taken of [target, once(target), once(once(target))]) expect(own).toContain(landsAt(taken))
      }
    },
  )

  test('RT-03 whatever comes, it is refused or leads to the panel or an enabled host', () => {
    const pieces = [
      ...[
        '/',
        '//',
        '\\',
        '.',
        '..',
        '%2f',
        '%5c',
        '%2e',
        '%25',
        '%00',
        '%0a',
        '@',
        ':',
        '#',
        '?',
        ';',
        '*',
        ' ',
      ],
      ...[
        '\t',
        '\r',
        '\u0000',
        '\u3002',
        '\uff0f',
        '\u2044',
        '\u202e',
        'https:',
        'https://',
        'http://',
        'javascript:',
      ],
      ...[
        'app.example.com',
        'APP.example.com',
        'panel.example.com',
        'evil.com',
        '[::1]',
        ':443',
        ':8443',
        'x',
      ],
    ]
    const text = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc
        .tuple(fc.constantFrom('/', 'https://app.example.com'), fc.string({ maxLength: 30 }))
        .map((p) => p.join('')),
    )
    fc.assert(
      fc.property(text, (raw) => {
        const target = returnTarget(raw, targets)
        if (target !== null) expect(own).toContain(landsAt(target))
        const path = pathTarget(raw)
        if (path !== null)
          expect(new URL(path, 'https://app.example.com').origin).toBe('https://app.example.com')
      }),
      { numRuns: 5_000 },
    )
  })

  test('RT-06 what is no text, or much too long, is no target', () => {
    for (const raw of [
      undefined,
      null,
      1,
      {},
      ['/'],
      ['/', '//evil.com'],
      { rd: '/' },
      `/${'a'.repeat(1_048_576)}`,
    ])
      expect(returnTarget(raw, targets)).toBeNull()
  })

  test('names of files in other scripts and with a percent sign are paths like others', () => {
    for (const raw of ['/%C3%BCber/uns', '/100%25', '/a//b', '/files/a%20b'])
      expect(returnTarget(raw, targets)).toBe(raw)
    expect(returnTarget('/%', targets)).toBeNull()
    expect(returnTarget('/%c0%ae', targets)).toBeNull()
  })
})
