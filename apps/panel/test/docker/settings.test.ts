import { login, systemStatus } from '@argos/contract'
import { apiClient, eventually } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeFlags } from '../../src/cli/run/programs.ts'
import { type Deployment, deployment, dockerOk, type Service } from '../support/docker.ts'

const services: readonly Service[] = ['edge', 'panel']
const MIB = 1024 * 1024
const limits: Readonly<Record<Service, number>> = { edge: 384, panel: 320 }
const account = { username: 'noor', password: 'four words nobody says' }

let argos: Deployment

beforeAll(async () => {
  argos = await deployment({
    env: (secretFile) => ({
      ARGOS_EDGE_MEMORY: `${limits.edge}m`,
      ARGOS_PANEL_MEMORY: `${limits.panel}m`,
      ARGOS_INITIAL_ADMIN_USER: account.username,
      ARGOS_INITIAL_ADMIN_PASSWORD_FILE: secretFile('first-password', account.password),
    }),
  })
  await argos.up()
})
afterAll(async () => {
  await argos?.[Symbol.asyncDispose]()
})

const signIn = async () => {
  const api = apiClient(`https://127.0.0.1:${argos.ports.panel}`)
  api.signedIn(await api.call(login, { body: account }))
  return api
}

describe('secrets', () => {
  test('the first account comes from a file, without a link', async () => {
    expect((await (await signIn()).call(systemStatus, {})).edge.state).toBe('ok')
    expect(await argos.ok('logs', 'panel')).not.toContain('setup#token')
  })

  test.each(services)(
    'SC-07 of the %s neither `docker inspect`, image, history, processes nor log tells the key or the password',
    async (service) => {
      const container = await argos.container(service)
      const image = (await dockerOk('inspect', '--format', '{{.Image}}', container)).trim()
      const said = {
        container: await dockerOk('inspect', container),
        image: await dockerOk('image', 'inspect', image),
        history: await dockerOk('history', '--no-trunc', image),
        environment: await argos.exec(service, 'sh', '-c', 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline'),
        log: await argos.ok('logs', service),
      }
      for (const [where, text] of Object.entries(said)) {
        expect([where, text.length > 0]).toEqual([where, true])
        for (const secret of [argos.masterKey, account.password]) expect(text, where).not.toContain(secret)
      }
      expect(said.history).not.toMatch(/KEY|PASSWORD|SECRET|TOKEN/)
    },
  )
})

test.each(services)('the memory of the %s is what the setting says', async (service) => {
  const bytes = limits[service] * MIB
  expect((await argos.inspect(service)).HostConfig.Memory).toBe(bytes)
  const file = 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
  expect(Number(await argos.exec(service, 'sh', '-c', file))).toBe(bytes)
})

describe('the start of the panel', () => {
  test('is by the flags of the launcher', async () => {
    const [, ...args] = (await argos.exec('panel', 'cat', '/proc/1/cmdline')).split('\0').filter(Boolean)
    expect(args).toEqual([...nodeFlags, 'apps/panel/src/main.ts'])
  })

  test('compiles nothing: the image has all of it compiled, for these flags and this user', async () => {
    // A second panel beside the first: it loads everything, and ends for want of a key.
    const settings = ['--env', 'NODE_DEBUG_NATIVE=COMPILE_CACHE', '--env', 'ARGOS_MASTER_KEY_FILE=']
    const command = ['node', ...nodeFlags, 'apps/panel/src/main.ts']
    const { code, output } = await argos.run('exec', '-T', ...settings, 'panel', ...command)
    expect(code).toBe(78)
    const lines = output.split('\n')
    const those = (words: RegExp) => lines.filter((line) => words.test(line))
    expect(those(/V8 code cache for .* was accepted/).length).toBeGreaterThan(300)
    expect(those(/was rejected|no such file/)).toEqual([])
  })
})

test('the lights go out when edge and panel hang, and on again when they go on', async () => {
  const light = async (service: Service) => (await argos.inspect(service)).State.Health.Status
  const pids = await Promise.all(services.map(async (service) => (await argos.inspect(service)).State.Pid))
  const all = async (wanted: string) =>
    (await Promise.all(services.map(light))).every((status) => status === wanted)
  expect(await all('healthy')).toBe(true)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    await eventually('both are unhealthy', () => all('unhealthy'), { timeoutMs: 90_000 })
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
  await eventually('both are healthy', () => all('healthy'), { timeoutMs: 90_000 })
  await signIn()
})
