import type { Settings } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../../api/call.ts'
import { browserWarnings } from './changes.ts'
import { formOf, settingsOf, settingsProblem, wideRanges } from './form.ts'

const settings = (over: Partial<Settings> = {}): Settings => ({
  panelDomain: '',
  panelTls: 'auto',
  acmeDirectory: '',
  acmeEmail: '',
  acmeRootPem: '',
  trustedProxies: [],
  ...over,
})
const here = { hostname: '127.0.0.1', fallback: 'https://127.0.0.1:9443' }
const refused = (path: string, message = 'Invalid input') =>
  new ApiError(400, { code: 'invalid', message, requestId: '', fields: [{ path, message }] })

describe('the form of the settings', () => {
  test('proxies are lines or commas, empty ones fall away, and come back as typed', () => {
    const form = { ...formOf(settings()), proxies: ' 10.0.0.1\n\n192.168.0.0/16, fd00::/8 ' }
    expect(settingsOf(form).trustedProxies).toEqual(['10.0.0.1', '192.168.0.0/16', 'fd00::/8'])
    const saved = settings({ trustedProxies: ['10.0.0.1', '10.0.0.2'] })
    expect(settingsOf(formOf(saved))).toEqual(saved)
  })
  test('a wrong proxy is named, a schema’s own words never reach the screen', () => {
    const sent = settings({ trustedProxies: ['10.0.0.1', 'nas'] })
    expect(settingsProblem(refused('settings.trustedProxies.1'), 'trustedProxies', sent)).toContain('`nas`')
    expect(settingsProblem(refused('settings.acmeEmail'), 'acmeEmail', sent)).toContain('noor@home.example')
    expect(settingsProblem(refused('settings.panelDomain', 'A host has it.'), 'panelDomain', sent)).toBe(
      'A host has it.',
    )
    expect(settingsProblem(refused('settings.acmeEmail'), 'panelDomain', sent)).toBeUndefined()
  })
  test.each([
    [['0.0.0.0/0'], 'everyone on the internet'],
    [['::/0'], 'everyone on the internet'],
    [['203.0.0.0/16'], '65,536 addresses'],
    [['2001:db8::/32'], '4,294,967,296 networks'],
  ])('%j is too wide: %s', (ranges, words) => {
    expect(wideRanges(ranges).map((r) => r.words)).toEqual([words])
  })
  test.each([
    [['10.0.0.0/8']],
    [['203.0.113.0/24']],
    [['203.0.113.7']],
    [['fd00::/8']],
    [['2001:db8:1::/48']],
  ])('%j is not', (ranges) => {
    expect(wideRanges(ranges)).toEqual([])
  })
})

describe('what only the browser knows of a change', () => {
  test('moving the panel away from the name one is at says where to go on', () => {
    const before = settings({ panelDomain: 'old.example' })
    const [first] = browserWarnings(before, settings({ panelDomain: 'new.example' }), {
      ...here,
      hostname: 'old.example',
    })
    expect(first).toBe('You are at old.example now. It stops being the panel; go on at new.example.')
  })
  test('a name warns of the year of HTTPS; nothing changed says nothing', () => {
    const words = browserWarnings(settings(), settings({ panelDomain: 'a.example' }), here)
    expect(words.some((w) => w.includes('one year'))).toBe(true)
    expect(browserWarnings(settings(), settings(), here)).toEqual([])
  })
})
