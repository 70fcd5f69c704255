import { createServer } from 'node:net'
import {
  type Host,
  hostCreate,
  hostView,
  revisionList,
  settingsUpdate,
  settingsView,
  setupCreate,
  systemStatus,
} from '@argos/contract'
import { type ApiClient, admin, apiClient, eventually, selfSigned, visit } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Deployment,
  deployment,
  docker,
  dockerOk,
  type Seen,
  type Service,
  startService,
} from '../support/docker.ts'
import { edit } from '../support/hosts.ts'

const services: readonly Service[] = ['edge', 'panel']
const NAME = 'app.example.test'

let argos: Deployment
let api: ApiClient
let host: Host

beforeAll(async () => {
  argos = await deployment({ lowPort: await freeLowPort() })
})
afterAll(async () => {
  await argos?.[Symbol.asyncDispose]()
})

/** As 80 is: below 1024, where binding takes a capability or the sysctl. */
async function freeLowPort(): Promise<number> {
  for (let port = 1_023; port > 600; port--) {
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
  throw new Error('no low port is free')
}

const fetched = () => visit({ port: argos.ports.http, name: NAME, path: '/hello' })
const served = async (): Promise<boolean> => {
  const answer = await fetched().catch(() => null)
  return answer?.status === 200 && (JSON.parse(answer.body) as Seen).url === '/hello'
}

describe('from nothing to a published host', () => {
  test('visitors who come before the panel are told so', async () => {
    await argos.ok('up', '--detach', '--no-build', 'edge')
    const early = await eventually('the edge answers', () => fetched().catch(() => null))
    expect([early.status, early.headers['retry-after']]).toEqual([503, '5'])
    expect(early.body).toBe('Waiting for the panel\n')
    await argos.up()
    expect((await fetched()).status).toBe(404)
  })

  test('the log of the panel has the link that makes the first account, and it works', async () => {
    const link = new URL(await argos.link())
    expect(link.origin).toBe(`https://127.0.0.1:${argos.ports.panel}`)
    expect(await argos.ok('logs', 'panel')).toContain('ARGOS_PUBLIC_ADDRESS')
    api = apiClient(link.origin)
    const token = new URLSearchParams(link.hash.slice(1)).get('token') ?? ''
    api.signedIn(await api.call(setupCreate, { body: { ...admin, token } }))
    expect((await argos.run('exec', '-T', 'panel', 'argos', 'setup-link')).output).toContain('has an account')
  })

  test('a service in another container is published by its name there and fetched through the edge', async () => {
    await startService(argos)
    const created = await api.call(hostCreate, {
      body: {
        domains: [NAME],
        tls: 'internal',
        upstream: { pool: { name: 'service', targets: [{ address: 'service', port: 8096 }] } },
      },
    })
    host = await eventually('the host is live', async () => {
      const seen = await api.call(hostView, { params: { id: created.host.id } })
      return seen.state.edge === 'live' ? seen : null
    })
    const plain = await fetched()
    expect(plain.status).toBe(308)
    expect(plain.headers.location).toBe(`https://${NAME}:${argos.ports.https}/hello`)
    const secure = await eventually('its certificate is there', () =>
      visit({ port: argos.ports.https, name: NAME, tls: true, path: '/hello' }).catch(() => null),
    )
    expect(JSON.parse(secure.body)).toMatchObject({ url: '/hello', host: NAME })
  })
})

describe('what the containers may', () => {
  test.each(services)('%s runs as its own user, with no capability and none to be had', async (service) => {
    const status = await argos.exec(service, 'cat', '/proc/1/status')
    const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]
    const uid = { panel: '10001', edge: '10002' }[service]
    expect(field('Uid')?.split('\t')).toEqual([uid, uid, uid, uid])
    expect(field('Gid')?.split('\t')).toEqual(['10000', '10000', '10000', '10000'])
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect([set, field(set)]).toEqual([set, '0000000000000000'])
    }
    expect(field('NoNewPrivs')).toBe('1')
  })

  test.each(services)('%s has a read-only root, limits, and restarts', async (service) => {
    const { Config, HostConfig } = await argos.inspect(service)
    expect(Config.User).toBe(`argos-${service}`)
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Memory: 512 * 1024 * 1024,
      PidsLimit: 512,
      RestartPolicy: { Name: 'unless-stopped' },
    })
    expect(HostConfig.CapAdd ?? []).toEqual([])
    // Root may write all of these, were they not read-only; the mounts are what is left.
    for (const path of ['/x', '/usr/local/bin/x', '/etc/x', '/run/x', '/var/cache/x', '/home/x']) {
      const said = await argos.run('exec', '-T', '--user', '0:0', service, 'touch', path)
      expect([path, said.output]).toEqual([path, expect.stringContaining('Read-only file system')])
    }
    expect((await argos.run('exec', '-T', service, 'sh', '-c', ': > /run/argos/x')).code).not.toBe(0)
  })

  test('SC-09 each has its own files to itself; only sockets and logs are for the group', async () => {
    const stat = async (service: Service, ...paths: readonly string[]) =>
      (await argos.exec(service, 'stat', '--format', '%n %a %U:%G', ...paths)).trim().split('\n')
    expect(
      await stat('panel', '/data', '/data/argos.db', '/run/argos/panel', '/run/argos/panel/panel.sock'),
    ).toEqual([
      '/data 700 argos-panel:argos',
      '/data/argos.db 600 argos-panel:argos',
      '/run/argos/panel 750 argos-panel:argos',
      '/run/argos/panel/panel.sock 660 argos-panel:argos',
    ])
    const edgePaths = [
      '/data',
      '/data/edge',
      '/data/caddy',
      '/data/logs',
      '/data/logs/edge.log',
      '/data/logs/access.log',
    ]
    expect(
      await stat('edge', ...edgePaths, '/run/argos', '/run/argos/edge', '/run/argos/edge/edge.sock'),
    ).toEqual([
      '/data 700 argos-edge:argos',
      '/data/edge 700 argos-edge:argos',
      '/data/caddy 700 argos-edge:argos',
      '/data/logs 750 argos-edge:argos',
      '/data/logs/edge.log 640 argos-edge:argos',
      '/data/logs/access.log 640 argos-edge:argos',
      '/run/argos 750 root:argos',
      '/run/argos/edge 750 argos-edge:argos',
      '/run/argos/edge/edge.sock 660 argos-edge:argos',
    ])
    const key = await argos.exec('edge', 'sh', '-c', 'stat -c %a $(find /data/caddy -name "*.key")')
    expect(new Set(key.trim().split('\n'))).toEqual(new Set(['600']))
  })

  test("neither reaches the other's files, nor takes its socket away", async () => {
    const refused = async (service: Service, command: string) =>
      expect([command, (await argos.run('exec', '-T', service, 'sh', '-c', command)).code === 0]).toEqual([
        command,
        false,
      ])
    await refused('edge', 'cat /data/argos.db')
    await refused('edge', 'rm -f /run/argos/panel/panel.sock; test ! -e /run/argos/panel/panel.sock')
    await refused('panel', 'ls /data/caddy')
    await refused('panel', 'rm -f /run/argos/edge/edge.sock; test ! -e /run/argos/edge/edge.sock')
    await refused('panel', ': > /data/logs/access.log')
    expect(await argos.exec('panel', 'tail', '-n', '1', '/data/logs/access.log')).toContain('"status"')
  })
})

describe('secrets', () => {
  test('SC-08 the edge is told its port and nothing else, and the key is a file of the panel alone', async () => {
    const environ = await argos.exec('edge', 'cat', '/proc/1/environ')
    const told = environ.split('\0').filter((line) => line.startsWith('ARGOS_'))
    expect(told).toEqual([`ARGOS_HTTP_PORT=${argos.ports.http}`])
    expect((await argos.exec('panel', 'cat', '/run/secrets/master-key')).trim()).toBe(argos.masterKey)
    expect((await argos.run('exec', '-T', 'edge', 'ls', '/run/secrets')).code).not.toBe(0)
  })

  test.each(services)('the image of the %s holds none, nor does its history', async (service) => {
    const image = (await dockerOk('inspect', '--format', '{{.Image}}', await argos.container(service))).trim()
    const said =
      (await dockerOk('image', 'inspect', image)) + (await dockerOk('history', '--no-trunc', image))
    expect(said).not.toContain(argos.masterKey)
    expect(said).not.toMatch(/MASTER_KEY|PASSWORD|SECRET|TOKEN/)
    const find =
      'find / -xdev \\( -name ".env*" -o -name "*.test.ts" -o -name ".git" -o -name ".npmrc" \\) -not -path "*/node_modules/*"'
    expect(
      await dockerOk('run', '--rm', '--entrypoint', 'sh', image, '-c', `${find} 2>/dev/null || true`),
    ).toBe('')
  })
})

describe('each service may end and come back', () => {
  beforeAll(async () => {
    await edit({ api }, host.id, () => ({ tls: 'none' }))
    await eventually('the host is served in clear', served)
  })

  test('the panel visits a changed host through the edge in its other container', async () => {
    const words = await eventually('the change was probed', async () => {
      const { revisions } = await api.call(revisionList, {})
      return revisions[0]?.hosts.find(({ id }) => id === host.id)?.probe ?? null
    })
    expect(words).toMatch(/^Answers 200 in /)
  })

  test('CF-12 the panel is stopped: hosts are served, the edge restarts without it, and it comes back', async () => {
    await argos.ok('stop', 'panel')
    expect((await argos.inspect('panel')).State.ExitCode).toBe(0)
    for (let visits = 0; visits < 20; visits++) expect(await served()).toBe(true)
    await argos.ok('restart', 'edge')
    await eventually('the edge serves from its own saved state', served, { timeoutMs: 30_000 })
    await argos.ok('up', '--detach', '--wait', '--no-build', 'panel')
    await argos.reachable()
    await inSync()
  })

  test('LD-05 a stop of the edge lets requests finish, and after it the same is served', async () => {
    const slow = visit({ port: argos.ports.http, name: NAME, path: '/slow' })
    await eventually('the service is asked', async () =>
      (await dockerOk('logs', `${argos.project}-service`)).includes('/slow'),
    )
    await argos.ok('stop', 'edge')
    expect((await slow).body).toBe('in the end')
    expect((await argos.inspect('edge')).State.ExitCode).toBe(0)
    await argos.ok('up', '--detach', '--wait', '--no-build', 'edge')
    await eventually('the host is served', served)
    await inSync()
  })

  test('the panel restarts, and no visitor notices', async () => {
    let over = false
    const restart = argos.ok('restart', 'panel').finally(() => {
      over = true
    })
    while (!over) expect(await served()).toBe(true)
    await restart
    await argos.reachable()
    await inSync()
  })

  test.each(services)(
    'the %s is killed: the engine starts it again, and nothing is lost',
    async (service) => {
      process.kill((await argos.inspect(service)).State.Pid, 'SIGKILL')
      await eventually('the host is served', served, { timeoutMs: 60_000 })
      await argos.reachable()
      await inSync()
      expect((await api.call(hostView, { params: { id: host.id } })).domains).toEqual([NAME])
    },
  )

  const inSync = () =>
    eventually(
      'the edge serves what is saved',
      async () => {
        const { edge, generations } = await api.call(systemStatus, {})
        return edge.state === 'ok' && generations.inSync
      },
      { timeoutMs: 30_000 },
    )

  test('the CA of an ACME directory, which the panel writes, is readable by the edge', async () => {
    const { settings, version } = await api.call(settingsView, {})
    const acmeRootPem = selfSigned(['ca.example.test']).cert
    await api.call(settingsUpdate, { body: { settings: { ...settings, acmeRootPem }, version } })
    await inSync()
    const file = await argos.exec('edge', 'sh', '-c', 'cat /run/argos/panel/acme-root-*.pem')
    expect(file).toContain('BEGIN CERTIFICATE')
    expect(await served()).toBe(true)
  })
})

test('down leaves nothing of it but what is asked to be kept', async () => {
  await docker('rm', '--force', `${argos.project}-service`)
  await argos.ok('down')
  const mine = ['--filter', `name=${argos.project}`]
  expect(await dockerOk('ps', '--all', '--quiet', ...mine)).toBe('')
  expect((await dockerOk('volume', 'ls', '--quiet', ...mine)).trim().split('\n').sort()).toEqual(
    ['data', 'edge-data', 'logs', 'sockets'].map((name) => `${argos.project}_${name}`),
  )
  await argos.up()
  await argos.reachable()
  api = apiClient(`https://127.0.0.1:${argos.ports.panel}`)
  expect(await argos.ok('logs', 'panel')).not.toContain('setup#token')
  await argos.ok('down', '--volumes')
  expect(await dockerOk('volume', 'ls', '--quiet', ...mine)).toBe('')
  expect(await dockerOk('network', 'ls', '--quiet', ...mine)).toBe('')
})
