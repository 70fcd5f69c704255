import type { Host } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost } from '../../test/a-host.ts'
import {
  certificateLight,
  downTargets,
  edgeLight,
  parentDomain,
  publicUrl,
  shortName,
  splitName,
  suggestedTls,
  upstreamLight,
  worstLight,
} from './host.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 25)
type Certificate = Host['state']['certificate']
const certificate = (over: Partial<Certificate>): Pick<Host, 'tls' | 'state'> =>
  aHost({ state: { certificate: { ...aHost().state.certificate, ...over } } })

describe('names', () => {
  test.each([
    ['photos.home.example', ['photos', '.home.example'], 'home.example', 'photos'],
    ['example.org', ['example.org', ''], 'example.org', 'example'],
    ['*.lab.home.example', ['*.lab', '.home.example'], 'lab.home.example', 'lab'],
    ['a.b.home.example', ['a', '.b.home.example'], 'b.home.example', 'a'],
  ])('%s is told apart, grouped and deleted by the right parts', (name, parts, parent, short) => {
    expect(splitName(name)).toEqual(parts)
    expect(parentDomain(name)).toBe(parent)
    expect(shortName(name)).toBe(short)
  })

  test('a link carries the port only when it is not the usual one, and a wildcard has none', () => {
    expect(publicUrl('a.example', 'auto')).toBe('https://a.example/')
    expect(publicUrl('a.example', 'internal', { http: 8080, https: 8443 })).toBe('https://a.example:8443/')
    expect(publicUrl('a.example', 'none', { http: 80, https: 8443 })).toBe('http://a.example/')
    expect(publicUrl('*.a.example', 'auto')).toBeNull()
  })

  test('names that no public authority certifies get Argos’ own certificate at first', () => {
    expect(suggestedTls(['app.mine.net'])).toBe('auto')
    expect(suggestedTls(['*.mine.net'])).toBe('internal')
    expect(suggestedTls(['app.mine.net', 'app.LAN.'])).toBe('internal')
    expect(suggestedTls([''])).toBe('auto')
  })
})

describe('lights', () => {
  test('what was not measured is unknown, never well', () => {
    const host = aHost({ state: { upstream: 'unknown', edge: 'unknown' } })
    expect(upstreamLight(host).state).toBe('unknown')
    expect(edgeLight(host).state).toBe('unknown')
    expect(certificateLight(certificate({ state: 'none', notAfter: null }), now).state).toBe('unknown')
    expect(worstLight(host, now).state).toBe('unknown')
  })

  test('a certificate warns once its renewal is overdue, whatever its lifetime', () => {
    const left = (notBefore: number, notAfter: number) =>
      certificateLight(certificate({ notBefore: now + notBefore, notAfter: now + notAfter }), now)
    expect(left(-29 * day, 61 * day)).toEqual({ state: 'ok', words: '61 days' })
    expect(left(-80 * day, 10 * day).state).toBe('warn')
    // Argos' own certificates live for 12 hours: 5 of them left is no news.
    expect(left(-day / 4, day / 4).state).toBe('ok')
    expect(left(-91 * day, -day)).toEqual({ state: 'bad', words: 'expired' })
  })

  test('a failing renewal is a warning while the old certificate lasts, then bad', () => {
    expect(certificateLight(certificate({ state: 'error', notAfter: now + 6 * day }), now)).toEqual({
      state: 'warn',
      words: '6 days',
    })
    expect(certificateLight(certificate({ state: 'error', notAfter: null }), now).state).toBe('bad')
  })

  test('the worst light gives the words', () => {
    const refused = aHost({ state: { edge: 'refused', upstream: 'degraded' } })
    expect(worstLight(refused, now).words).toBe('refused')
    expect(worstLight(aHost({ state: { edge: 'off', upstream: 'down' } }), now).words).toBe('paused')
  })

  test('only targets that are switched on count as down', () => {
    const down = { state: 'down', since: 1, checkedAt: 2, error: 'refused' } as const
    const host = aHost({
      state: {
        upstream: 'down',
        targets: [
          { dial: 'a:1', enabled: true, health: down },
          { dial: 'b:1', enabled: false, health: down },
        ],
      },
    })
    expect(downTargets(host)).toEqual([{ dial: 'a:1', error: 'refused', since: 1 }])
    expect(upstreamLight(host).words).toBe('does not answer')
  })
})
