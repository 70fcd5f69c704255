import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { knownApps, likelyApp } from './apps.ts'
import { pastedAddress } from './pasted.ts'
import { titleOf } from './title.ts'

test.each([
  ['http://192.168.1.20:8096', { protocol: 'http', host: '192.168.1.20', port: 8096, path: '/' }],
  ['https://192.168.1.20:443/', { protocol: 'https', host: '192.168.1.20', port: 443, path: '/' }],
  ['HTTP://NAS.lan:80/web?x=1', { protocol: 'http', host: 'nas.lan', port: 80, path: '/web?x=1' }],
  [' nas.lan:8000 ', { protocol: null, host: 'nas.lan', port: 8000, path: '/' }],
  ['192.168.1.20', { protocol: null, host: '192.168.1.20', port: null, path: '/' }],
  ['[fd00::1]:8080', { protocol: null, host: 'fd00::1', port: 8080, path: '/' }],
  ['fd00::1', { protocol: null, host: 'fd00::1', port: null, path: '/' }],
  ['https://nas.lan', { protocol: 'https', host: 'nas.lan', port: null, path: '/' }],
])('%j is understood', (typed, expected) => {
  expect(pastedAddress(typed)).toEqual(expected)
})

test.each([
  '',
  'file:///etc/passwd',
  'unix//run/edge.sock:1:2',
  'http://user:pw@nas.lan',
  'nas.lan:0',
  'nas.lan:99999',
  'http://0x7f.1:80',
  '2130706433:80',
  'a b',
  'nas.lan:80\r\nx: y',
])('SS-04 CF-15 %j is refused at its field', (typed) => {
  const refused = () => pastedAddress(typed)
  expect(refused).toThrow(AppError)
  expect(refused).toThrow(
    expect.objectContaining({ code: 'invalid', fields: [expect.objectContaining({ path: 'url' })] }),
  )
})

test.each([
  ['<html><title>Home  Assistant\n</title>', 'Home Assistant'],
  ['<TITLE data-x="1">A &amp; B &#x2014; &lt;C&gt;</TITLE>', 'A & B \u2014 <C>'],
  ['<title>&#0;&#xd800;&unknown;</title>', '&#0;&#xd800;&unknown;'],
  ['<title></title>', null],
  ['no title', null],
  [`<title>${'x'.repeat(500)}</title>`, 'x'.repeat(120)],
])('the title of %j is %j', (html, title) => {
  expect(titleOf(html)).toBe(title)
})

test('every known application has a mark, a name for itself and a usable subdomain', () => {
  for (const known of knownApps) {
    expect(known.title ?? known.header ?? known.body, known.slug).toBeDefined()
    expect(known.subdomain).toMatch(/^[a-z0-9-]+$/)
  }
  expect(new Set(knownApps.map((k) => k.slug)).size).toBe(knownApps.length)
})

test.each([
  [{ title: 'Home Assistant', headers: {}, body: '' }, 'home-assistant'],
  [{ title: null, headers: { 'x-plex-protocol': '1.0' }, body: '' }, 'plex'],
  [{ title: 'Dashboard', headers: { 'set-cookie': ['a=b', 'i_like_gitea=1'] }, body: '' }, 'gitea'],
  [{ title: 'My code', headers: {}, body: '<meta name="author" content="Forgejo">' }, 'forgejo'],
  [{ title: 'Login \u2013 Nextcloud', headers: {}, body: '' }, 'nextcloud'],
  [{ title: 'Something else', headers: {}, body: '' }, null],
])('%j is %s', (seen, slug) => {
  expect(likelyApp(seen)?.slug ?? null).toBe(slug)
})
