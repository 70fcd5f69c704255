import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkout, node, noMachine, type OwnMachine, ownMachine } from '../../support/own-machine.ts'

const ALICE = 1000
const upstream = `require('http').createServer((q, s) => s.end('from upstream')).listen(7777, '127.0.0.1')`
const visit = `
const [tls, port, name] = process.argv.slice(1)
const { request } = require(tls === '1' ? 'https' : 'http')
request({ host: '127.0.0.1', port, servername: name, headers: { host: name }, rejectUnauthorized: false }, (res) => {
  let body = ''
  res.on('data', (more) => (body += more)).on('end', () => console.log(res.statusCode + ' ' + body))
}).on('error', (err) => console.log(err.code)).end()`

// Several installs, each of them a copy of everything and two starts.
describe.skipIf(noMachine !== null)('argos service', { timeout: 300_000 }, () => {
  let machine: OwnMachine
  beforeAll(async () => {
    machine = await ownMachine()
    machine.start(node, '-e', upstream)
  })
  afterAll(() => machine?.[Symbol.asyncDispose]())

  const source = (uid: number, ...args: readonly string[]) =>
    machine.runAs(uid, node, join(checkout, 'apps/panel/src/cli/main.ts'), ...args)
  const install = (...args: readonly string[]) => source(0, 'service', 'install', ...args)
  const argos = (...args: readonly string[]) => machine.run('argos', ...args)
  const get = async (name: string, tls: boolean) =>
    (await machine.run(node, '-e', visit, tls ? '1' : '0', tls ? '443' : '80', name)).output.trim()
  const served = (name: string, tls: boolean) =>
    eventually(`${name} is served`, async () => {
      const answer = await get(name, tls)
      if (answer === '200 from upstream') return true
      throw new Error(answer)
    })
  const show = async (unit: string, property: string) =>
    (await machine.run('systemctl', 'show', unit, '--value', '--property', property)).output.trim()
  const owner = async (path: string) =>
    (await machine.run('stat', '--format', '%a %U:%G', path)).output.trim()
  const fingerprint = /([0-9A-F]{2}:){31}[0-9A-F]{2}/

  test('says what it would do, and does nothing', async () => {
    const before = readdirSync(join(machine.root, 'etc'))
    const said = await source(ALICE, 'service', 'install', '--dry-run')
    expect(said.code, said.output).toBe(0)
    expect(said.output).toContain('--- /etc/systemd/system/argos-edge.service')
    expect(said.output).toContain('--- /etc/systemd/system/argos-panel.service')
    expect(said.output).not.toMatch(/[0-9a-f]{64}/)
    expect(readdirSync(join(machine.root, 'etc'))).toEqual(before)
  })

  test('whoever is not root, and a port that is taken, are told so before anything is changed', async () => {
    const alone = await source(ALICE, 'service', 'install')
    expect(alone.output).toContain('sudo ./argos service install')
    const other = machine.start(node, '-e', `require('http').createServer().listen(443)`)
    await eventually('port 443 is taken', async () => (await get('x', true)) !== 'ECONNREFUSED')
    const taken = await install()
    expect([alone.code, taken.code]).toEqual([1, 1])
    expect(taken.output).toMatch(/Port 443 is taken by node\S* \(pid \d+/)
    await other.kill('SIGTERM')
    await eventually('port 443 is free', async () => (await get('x', true)) === 'ECONNREFUSED')
    expect(readdirSync(join(machine.root, 'local'))).toEqual([])
    expect(readFileSync(join(machine.root, 'etc/passwd'), 'utf8')).not.toContain('argos')
  })

  test('installs into an image, with its users and not with those of this machine', async () => {
    const image = '/srv/image'
    await machine.run('mkdir', '-p', `${image}/etc`)
    await machine.run('cp', '/etc/passwd', '/etc/group', `${image}/etc/`)
    const said = await install('--root', image)
    expect(said.code, said.output).toBe(0)
    expect(said.output).toContain('Nothing was started')
    const wants = (await machine.run('ls', `${image}/etc/systemd/system/multi-user.target.wants`)).output
    expect(wants).toBe('argos-edge.service\nargos-panel.service\n')
    const uid = /^argos-panel:[^:]*:(\d+)/m.exec(
      readFileSync(join(machine.root, image, 'etc/passwd'), 'utf8'),
    )?.[1]
    const data = await machine.run('stat', '--format', '%a %u', `${image}/var/lib/argos/panel`)
    expect(data.output).toBe(`700 ${uid}\n`)
    // Units name the paths they will have.
    const text = readFileSync(join(machine.root, image, 'etc/systemd/system/argos-edge.service'), 'utf8')
    expect(text).not.toContain(image)
    expect(readFileSync(join(machine.root, 'etc/passwd'), 'utf8')).not.toContain('argos')
    expect((await source(0, 'service', 'remove', '--purge', '--root', image)).code).toBe(0)
    expect((await machine.run('find', image, '-name', '*argos*')).output).toBe('')
  })

  test('where systemd does not run, everything is written and what to start is said', async () => {
    const hidden = 'mount -t tmpfs tmpfs /run/systemd && exec "$@"'
    const program = [node, join(checkout, 'apps/panel/src/cli/main.ts'), 'service', 'install']
    const said = await machine.run('unshare', '--mount', 'sh', '-c', hidden, 'sh', ...program)
    expect(said.code, said.output).toBe(0)
    expect(said.output).toContain('systemctl start argos-edge argos-panel')
    expect(await owner('/etc/systemd/system/multi-user.target.wants/argos-panel.service')).toMatch(
      /root:root$/,
    )
    expect((await source(0, 'service', 'remove', '--purge')).code).toBe(0)
  })

  test('what `up` has made goes on as services, which stay when alice changes her sources', async () => {
    const up = await source(ALICE, 'up', '--detach')
    expect(up.code, up.output).toBe(0)
    const added = await source(
      ALICE,
      'host',
      'add',
      'old.example.com',
      'http://127.0.0.1:7777',
      '--tls',
      'none',
    )
    expect(added.code, added.output).toBe(0)
    const running = await install()
    expect(running.code).toBe(1)
    expect(running.output).toMatch(/`.\/argos up` \(pid \d+\) uses the data folder/)
    await source(ALICE, 'down')

    const said = await install()
    expect(said.code, said.output).toBe(0)
    expect(said.output).toMatch(/https:\/\/127\.0\.0\.1:9443\/setup#token=\S+/)
    expect(fingerprint.exec(said.output)?.[0]).toBe(fingerprint.exec(up.output)?.[0])
    await served('old.example.com', false)
    const status = await argos('status')
    expect(status.code, status.output).toBe(0)

    const again = await source(ALICE, 'up', '--detach')
    expect(again.code).toBe(1)
    expect(again.output).toContain('this is an old copy')
    await machine.run('rm', '-rf', join(checkout, 'apps/panel/src'))
    await machine.run('systemctl', 'restart', 'argos-panel')
    await eventually('the panel is back', async () => (await argos('status')).code === 0, {
      timeoutMs: 30_000,
    })
    await machine.reboot()
    machine.start(node, '-e', upstream)
  })

  test('both are back after the machine was switched off, and hosts are published and served', async () => {
    await served('old.example.com', false)
    await eventually('all is up', async () => (await argos('status')).code === 0, { timeoutMs: 30_000 })
    const added = await argos('host', 'add', 'new.example.com', 'http://127.0.0.1:7777', '--tls', 'internal')
    expect(added.code, added.output).toBe(0)
    await served('new.example.com', true)
  })

  test('SC-09 each runs as its own user, with the one capability it needs or none', async () => {
    const powers: Record<string, string> = {}
    for (const unit of ['argos-edge', 'argos-panel']) {
      const pid = await show(unit, 'MainPID')
      const { output } = await machine.run('cat', `/proc/${pid}/status`)
      const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(output)?.[1]?.split('\t')[0]
      const uid = Number((await machine.run('id', '-u', unit)).output)
      expect([unit, field('Uid'), field('NoNewPrivs'), field('Seccomp')]).toEqual([unit, `${uid}`, '1', '2'])
      expect(uid).toBeGreaterThan(0)
      powers[unit] = ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => Number(`0x${field(name)}`)).join()
      expect((await machine.run('cat', `/proc/${pid}/environ`)).output).not.toMatch(/[0-9a-f]{64}/)
    }
    const bindService = 1 << 10
    expect(powers).toEqual({
      'argos-edge': Array.from({ length: 4 }, () => bindService).join(),
      'argos-panel': '0,0,0,0',
    })
  })

  test('SC-09 files and folders are closed to everybody else', async () => {
    const found = Object.fromEntries(
      await Promise.all(
        [
          ...['/etc/argos/argos.env', '/etc/argos/master-key', '/usr/local/lib/argos/bin/node'],
          ...[
            '/var/lib/argos/panel',
            '/var/lib/argos/panel/argos.db',
            '/var/lib/argos/edge',
            '/var/lib/argos/shared',
          ],
          ...['/var/lib/argos/edge/caddy', '/var/log/argos', '/var/log/argos/access.log'],
          ...[
            '/run/argos/edge',
            '/run/argos/edge/edge.sock',
            '/run/argos/panel',
            '/run/argos/panel/panel.sock',
          ],
        ].map(async (path) => [path, await owner(path)] as const),
      ),
    )
    expect(found).toEqual({
      '/etc/argos/argos.env': '600 root:root',
      '/etc/argos/master-key': '600 root:root',
      '/usr/local/lib/argos/bin/node': '755 root:root',
      '/var/lib/argos/panel': '700 argos-panel:argos',
      '/var/lib/argos/panel/argos.db': '600 argos-panel:argos',
      '/var/lib/argos/edge': '700 argos-edge:argos',
      '/var/lib/argos/shared': '750 argos-panel:argos',
      '/var/lib/argos/edge/caddy': '700 argos-edge:argos',
      '/var/log/argos': '750 argos-edge:argos',
      '/var/log/argos/access.log': '640 argos-edge:argos',
      '/run/argos/edge': '750 argos-edge:argos',
      '/run/argos/edge/edge.sock': '660 argos-edge:argos',
      '/run/argos/panel': '750 argos-panel:argos',
      '/run/argos/panel/panel.sock': '660 argos-panel:argos',
    })
    for (const unit of ['argos-edge.service', 'argos-panel.service']) {
      const text = readFileSync(join(machine.root, 'etc/systemd/system', unit), 'utf8')
      expect(text).not.toMatch(/[0-9a-f]{64}/)
    }
  })

  test('systemd finds nothing wrong with the units, and little they could do', async () => {
    const units = ['argos-edge.service', 'argos-panel.service']
    const verified = await machine.run('systemd-analyze', 'verify', ...units)
    expect([verified.code, verified.output]).toEqual([0, ''])
    for (const unit of units) {
      // 0 is the least, 10 the most; in tenths.
      const judged = await machine.run('systemd-analyze', 'security', '--threshold=20', unit)
      expect(judged.code, judged.output.slice(-500)).toBe(0)
    }
  })

  test('what is killed is started again, and hosts are served without the panel', async () => {
    await machine.run('systemctl', 'stop', 'argos-panel')
    await machine.run('systemctl', 'kill', '--signal', 'KILL', 'argos-edge')
    await served('old.example.com', false)
    await served('new.example.com', true)
    await machine.run('systemctl', 'start', 'argos-panel')
    await eventually('all is up', async () => (await argos('status')).code === 0, { timeoutMs: 30_000 })
    await machine.run('systemctl', 'kill', '--signal', 'KILL', 'argos-panel')
    await eventually('the panel is back', async () => (await argos('status')).code === 0, {
      timeoutMs: 30_000,
    })
    const stop = await argos('down')
    expect([stop.code, await show('argos-edge', 'Result'), await show('argos-panel', 'Result')]).toEqual([
      0,
      'success',
      'success',
    ])
    expect((await argos('up')).code).toBe(0)
  })

  test('a second install keeps data, key and settings, and takes up new ones', async () => {
    const key = readFileSync(join(machine.root, 'etc/argos/master-key'), 'utf8')
    const change = (line: string) => machine.run('sh', '-c', `echo ${line} >>/etc/argos/argos.env`)
    await change('ARGOS_HTTP_PORT=many')
    const wrong = await install()
    expect(wrong.code).toBe(78)
    expect(wrong.output).toContain('ARGOS_HTTP_PORT')
    await machine.run('sed', '-i', '/many/d', '/etc/argos/argos.env')
    await change('ARGOS_LOG_LEVEL=warn')
    const said = await install()
    expect(said.code, said.output).toBe(0)
    expect(readFileSync(join(machine.root, 'etc/argos/master-key'), 'utf8')).toBe(key)
    expect(readFileSync(join(machine.root, 'etc/argos/argos.env'), 'utf8')).toContain('ARGOS_LOG_LEVEL=warn')
    const hosts = (await argos('host', 'list')).output
    expect(hosts).toContain('old.example.com')
    expect(hosts).toContain('new.example.com')
    await served('new.example.com', true)
  })

  test('a removed service leaves its data, which another install goes on with; --purge leaves nothing', async () => {
    const removed = await argos('service', 'remove')
    expect(removed.code, removed.output).toBe(0)
    expect(removed.output).toContain('/var/lib/argos')
    expect(await get('old.example.com', false)).toBe('ECONNREFUSED')
    expect(statSync(join(machine.root, 'var/lib/argos/panel/argos.db')).isFile()).toBe(true)
    const said = await install()
    expect(said.code, said.output).toBe(0)
    await served('old.example.com', false)

    const purged = await argos('service', 'remove', '--purge')
    expect(purged.code, purged.output).toBe(0)
    const left = await machine.run('find', '/etc', '/var', '/usr/local', '/run', '-name', '*argos*')
    expect(left.output.replaceAll(/.*\/(cgroup|credentials)\/.*\n/g, '')).toBe('')
    expect(readFileSync(join(machine.root, 'etc/passwd'), 'utf8')).not.toContain('argos')
  })
})
