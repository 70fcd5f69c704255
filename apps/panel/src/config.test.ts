import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, type Env, loadConfig, splitAddress } from './config.ts'

const key = 'ab'.repeat(32)
const base: Env = { ARGOS_DATA_DIR: '/srv/argos', ARGOS_MASTER_KEY: key }
const folder = mkdtempSync(join(tmpdir(), 'argos-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const problemsOf = (env: Env): readonly string[] => {
  try {
    loadConfig({ ...base, ...env })
    return []
  } catch (err) {
    if (err instanceof ConfigError) return err.problems
    throw err
  }
}

describe('the configuration', () => {
  test('needs nothing but a key', () => {
    expect(loadConfig(base)).toMatchObject({
      runDir: '/srv/argos/run',
      logDir: '/srv/argos/logs',
      databasePath: '/srv/argos/argos.db',
      edgeSocket: '/srv/argos/run/edge.sock',
      panelSocket: '/srv/argos/run/panel.sock',
      ports: { http: 80, https: 443, panel: 9443 },
      bind: '',
      panelBind: '127.0.0.1',
      insecureHttp: false,
      initialAdmin: null,
      logLevel: 'info',
    })
  })

  test('FA-12 answers no other proxy unless it is told where, and a secret that is not guessed', () => {
    const secret = 'x'.repeat(32)
    const listen = '127.0.0.1:9081'
    expect(loadConfig(base).forwardAuth).toBeNull()
    expect(
      loadConfig({ ...base, ARGOS_FORWARD_AUTH_LISTEN: listen, ARGOS_FORWARD_AUTH_SECRET: secret })
        .forwardAuth,
    ).toEqual({ listen, secret, port: 443 })
    expect(problemsOf({ ARGOS_FORWARD_AUTH_LISTEN: listen })).toHaveLength(1)
    expect(problemsOf({ ARGOS_FORWARD_AUTH_SECRET: secret })).toHaveLength(1)
    const short = { ARGOS_FORWARD_AUTH_LISTEN: listen, ARGOS_FORWARD_AUTH_SECRET: 'short' }
    expect(problemsOf(short)).toHaveLength(1)
    expect(
      problemsOf({ ARGOS_FORWARD_AUTH_LISTEN: 'localhost', ARGOS_FORWARD_AUTH_SECRET: secret }),
    ).toHaveLength(1)
  })

  test('takes secrets from files', () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const config = loadConfig({
      ARGOS_MASTER_KEY_FILE: file('key', `${key}\n`),
      ARGOS_INITIAL_ADMIN_USER_FILE: file('user', 'Anna\n'),
      ARGOS_INITIAL_ADMIN_PASSWORD_FILE: file('password', ' spaces are part of it \n'),
    })
    expect(config.masterKey.toString('hex')).toBe(key)
    expect(config.initialAdmin).toEqual({ username: 'anna', password: ' spaces are part of it ' })
  })

  test('the edge may keep its files and logs elsewhere', () => {
    expect(loadConfig({ ...base, ARGOS_EDGE_DIR: '/srv/edge' })).toMatchObject({
      dataDir: '/srv/argos',
      edgeDir: '/srv/edge',
      logDir: '/srv/edge/logs',
    })
    expect(loadConfig({ ...base, ARGOS_LOG_DIR: '/var/log/argos' })).toMatchObject({
      edgeDir: '/srv/argos',
      logDir: '/var/log/argos',
    })
  })

  test('behind a proxy of the operator it stays on this machine, and needs to know where people come in', () => {
    const behind = { ARGOS_PANEL_MODE: 'behind_caddy', ARGOS_PUBLIC_ADDRESS: 'https://panel.example.com' }
    expect(loadConfig({ ...base, ...behind })).toMatchObject({
      ports: { http: 8080, https: 8443, panel: 9443 },
      bind: '127.0.0.1',
      panelBind: '127.0.0.1',
      trustedProxies: ['127.0.0.1', '::1'],
    })
    for (const address of ['', 'panel.example.com', 'http://panel.example.com']) {
      const problems = problemsOf({ ...behind, ARGOS_PUBLIC_ADDRESS: address })
      expect([address, problems.join()]).toEqual([address, expect.stringContaining('ARGOS_PUBLIC_ADDRESS')])
    }
    expect(problemsOf({ ARGOS_PANEL_MODE: 'wan' })).toEqual([expect.stringContaining('lan, behind_caddy')])
  })

  test('FA-07 no proxy is believed that nobody listed, and everybody is none', () => {
    expect(loadConfig(base).trustedProxies).toEqual([])
    const listed = { ...base, ARGOS_TRUSTED_PROXIES: '10.0.0.0/24, fd00::1 192.0.2.1' }
    expect(loadConfig(listed).trustedProxies).toEqual(['10.0.0.0/24', 'fd00::1', '192.0.2.1'])
    for (const wrong of ['0.0.0.0/0', '10.0.0.0/33', 'proxy.example.com', '::/129', '10.0.0.1/']) {
      expect([wrong, problemsOf({ ARGOS_TRUSTED_PROXIES: wrong }).length]).toEqual([wrong, 1])
    }
  })

  test('names all problems at once and never a value', () => {
    const secret = 'hunter2'
    const problems = problemsOf({
      ARGOS_MASTER_KEY: secret,
      ARGOS_HTTP_PORT: secret,
      ARGOS_HTTPS_PORT: '70000',
      ARGOS_BIND: secret,
      ARGOS_INSECURE_HTTP: secret,
      ARGOS_LOG_LEVEL: secret,
      ARGOS_LISTEN: secret,
      ARGOS_INITIAL_ADMIN_USER: 'anna',
      ARGOS_INITIAL_ADMIN_PASSWORD: secret,
    })
    for (const name of [
      'ARGOS_MASTER_KEY',
      'ARGOS_HTTP_PORT',
      'ARGOS_HTTPS_PORT',
      'ARGOS_BIND',
      'ARGOS_INSECURE_HTTP',
      'ARGOS_LOG_LEVEL',
      'ARGOS_LISTEN',
      'ARGOS_INITIAL_ADMIN_PASSWORD',
    ]) {
      expect(problems.filter((p) => p.startsWith(`${name} `))).toHaveLength(1)
    }
    expect(problems.join()).not.toContain(secret)
  })

  test.each<[string, Env, RegExp]>([
    ['a missing key', { ARGOS_MASTER_KEY: undefined }, /ARGOS_MASTER_KEY .*missing/],
    [
      'a key file that is not there',
      { ARGOS_MASTER_KEY: undefined, ARGOS_MASTER_KEY_FILE: '/nowhere' },
      /_FILE cannot be read \(ENOENT\)/,
    ],
    ['a key given twice', { ARGOS_MASTER_KEY_FILE: '/nowhere' }, /both set/],
    [
      'a password without a user',
      { ARGOS_INITIAL_ADMIN_PASSWORD: 'long enough it is' },
      /ARGOS_INITIAL_ADMIN_USER is missing/,
    ],
    ['the same port twice', { ARGOS_HTTP_PORT: '443' }, /three different/],
    ['a folder too deep for sockets', { ARGOS_RUN_DIR: `/${'x'.repeat(100)}` }, /ARGOS_RUN_DIR is too long/],
  ])('refuses %s', (_, env, words) => expect(problemsOf(env).join('\n')).toMatch(words))

  test.each(['0.0.0.0:9080', '[::]:9080', '192.168.1.2:9080'])(
    'SE-11 plain HTTP on %s is refused unless it is asked for by name',
    (listen) => {
      expect(problemsOf({ ARGOS_LISTEN: listen }).join()).toMatch(/readable.*ARGOS_INSECURE_HTTP=1/)
      expect(loadConfig({ ...base, ARGOS_LISTEN: listen, ARGOS_INSECURE_HTTP: '1' }).listen).toBe(listen)
    },
  )

  test.each([
    ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
    ['[::1]:9080', { host: '::1', port: 9080 }],
    ['::1:9080', null],
    ['[127.0.0.1]:80', null],
    ['localhost:80', null],
    ['127.0.0.1', null],
    ['127.0.0.1:0', null],
    ['127.0.0.1:65536', null],
  ])('an address and port: %s', (text, parts) => expect(splitAddress(text)).toEqual(parts))
})

test.each(['192.168.1.5', 'fd12::5', 'server.lan', 'https://panel.example.com', 'http://10.0.0.5:9080'])(
  'the public address may be %s',
  (value) => {
    expect(loadConfig({ ARGOS_MASTER_KEY: 'ab'.repeat(32), ARGOS_PUBLIC_ADDRESS: value }).publicAddress).toBe(
      value,
    )
  },
)

test.each(['two words', 'https://panel.example.com/path', 'ftp://a', '-a.example', 'https://user@host'])(
  'the public address may not be %s',
  (value) => {
    const env = { ARGOS_MASTER_KEY: 'ab'.repeat(32), ARGOS_PUBLIC_ADDRESS: value }
    expect(() => loadConfig(env)).toThrow('ARGOS_PUBLIC_ADDRESS is neither an IP address nor a name')
  },
)
