import { expect, test } from 'vitest'
import { announcement, panelUrl } from './announce.ts'
import { loadConfig } from './config.ts'

const config = (env: Record<string, string> = {}) => loadConfig({ ARGOS_MASTER_KEY: 'ab'.repeat(32), ...env })
const url = (env: Record<string, string>) => panelUrl(config(env), 9443)

test.each([
  ['nothing is known of the machine', {}, 'https://127.0.0.1:9443'],
  ['its address', { ARGOS_PUBLIC_ADDRESS: '192.168.1.5' }, 'https://192.168.1.5:9443'],
  ['an IPv6 address', { ARGOS_PUBLIC_ADDRESS: 'fd12::5' }, 'https://[fd12::5]:9443'],
  ['a name', { ARGOS_PUBLIC_ADDRESS: 'server.lan' }, 'https://server.lan:9443'],
  [
    'the whole URL behind a proxy',
    { ARGOS_PUBLIC_ADDRESS: 'https://p.example.com' },
    'https://p.example.com',
  ],
  ['plain HTTP', { ARGOS_INSECURE_HTTP: '1', ARGOS_LISTEN: '0.0.0.0:9080' }, 'http://0.0.0.0:9080'],
  [
    'plain HTTP at an address',
    { ARGOS_INSECURE_HTTP: '1', ARGOS_LISTEN: '0.0.0.0:9080', ARGOS_PUBLIC_ADDRESS: '192.168.1.5' },
    'http://192.168.1.5:9080',
  ],
])("the panel's URL with %s", (_, env, wanted) => {
  expect(url(env)).toBe(wanted)
})

test('the link stands on a line of its own, with a hint when the address is a guess', () => {
  const lines = announcement(config(), 'tok')
  expect(lines).toContain('  https://127.0.0.1:9443/setup#token=tok')
  expect(lines.join('\n')).toContain('ARGOS_PUBLIC_ADDRESS')
  expect(announcement(config({ ARGOS_PUBLIC_ADDRESS: 'server.lan' }), 'tok').join('\n')).not.toContain(
    'set ARGOS',
  )
})

test('once there is an account there is no link', () => {
  expect(announcement(config(), null)).toEqual(['The panel is at https://127.0.0.1:9443'])
})
