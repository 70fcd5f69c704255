import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { eventually, repository, visit } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { edgeState } from '../../support/edge.ts'
import { type Launcher, launcher } from '../../support/launcher.ts'

const permissions = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const setupLink = /https:\/\/127\.0\.0\.1:\d+\/setup#token=\S+/

const panelAnswers = async ({ ports }: Launcher): Promise<boolean> => {
  const where = { port: ports.panel, name: `127.0.0.1:${ports.panel}`, tls: true, path: '/healthz' }
  return (await visit(where).catch(() => null))?.status === 200
}
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
const instance = (argos: Launcher) =>
  JSON.parse(readFileSync(join(argos.dataDir, 'run/instance.json'), 'utf8')) as { pid: number }
/** The pid the edge tells of itself. */
const edgePid = async (argos: Launcher): Promise<number> =>
  (await edgeState({ edgeSocket: join(argos.dataDir, 'run/edge.sock') })).pid

test('up, status, a second up, logs, version and down of a fresh folder', async () => {
  await using argos = await launcher()
  const up = await argos.run('up', '--detach')
  expect(up.code, up.output).toBe(0)
  expect(up.output).toMatch(setupLink)
  expect(up.output).toMatch(/SHA-256[\s\S]*([0-9A-F]{2}:){31}[0-9A-F]{2}/)
  expect(await panelAnswers(argos)).toBe(true)

  expect(permissions(argos.dataDir)).toBe('700')
  expect(permissions(argos.envFile)).toBe('600')
  expect(readFileSync(argos.envFile, 'utf8')).toMatch(/^ARGOS_MASTER_KEY=[0-9a-f]{64}$/m)
  expect(permissions(join(argos.dataDir, 'argos.db'))).toBe('600')
  expect(permissions(join(argos.dataDir, 'run'))).toBe('750')
  expect(permissions(join(argos.dataDir, 'run/edge.sock'))).toBe('660')
  expect(permissions(join(argos.dataDir, 'run/panel.sock'))).toBe('660')
  expect(permissions(join(argos.dataDir, 'logs/edge.log'))).toBe('640')

  const status = await argos.run('status')
  expect(status.code, status.output).toBe(0)
  expect(status.output).toContain(`https://127.0.0.1:${argos.ports.panel}`)

  const { pid } = instance(argos)
  const again = await argos.run('up')
  expect(again.code).toBe(0)
  expect(again.output).toContain(`already running (pid ${pid})`)
  expect(instance(argos).pid).toBe(pid)

  expect((await argos.run('logs', 'edge', '-n', '5')).output.trim().split('\n').length).toBeGreaterThan(0)
  expect((await argos.run('version')).output).toMatch(/^argos \d+\.\d+\.\d+ .*\nedge\s+\S+ \(caddy v?2\./)

  const down = await argos.run('down')
  expect(down).toMatchObject({ code: 0, output: expect.stringContaining('stopped') })
  expect(await panelAnswers(argos)).toBe(false)
  expect((await argos.run('status')).output).toMatch(/not running/i)
  expect(await argos.run('down')).toMatchObject({ code: 0, output: expect.stringContaining('not running') })
})

test('visitors who come before the panel are told so, and the restart of a set-up edge tells nobody that', async () => {
  await using argos = await launcher()
  const page = () =>
    visit({ port: argos.ports.http, name: 'app.example.test', headers: { accept: 'text/html' } }).catch(
      () => null,
    )
  const starting = argos.run('up', '--detach')
  const first = await eventually('somebody answers', page)
  expect([first.status, first.headers['retry-after']]).toEqual([503, '5'])
  expect(first.body).toContain('Waiting for the panel')
  expect((await starting).code).toBe(0)
  expect((await page())?.status).toBe(404)

  process.kill(await edgePid(argos), 'SIGKILL')
  expect((await eventually('it is back', page)).status).toBe(404)
})

test('the setup link is for the console: no log keeps it, and a new start prints another', async () => {
  await using argos = await launcher()
  const first = setupLink.exec((await argos.run('up', '-d')).output)?.[0] ?? 'no link'
  const token = first.slice(first.indexOf('token=') + 6)
  for (const log of ['panel.log', 'edge.log', 'launcher.log', 'edge-console.log']) {
    expect(readFileSync(join(argos.dataDir, 'logs', log), 'utf8')).not.toContain(token)
  }
  await argos.run('down')
  const second = setupLink.exec((await argos.run('up', '-d')).output)?.[0]
  expect(second).toBeDefined()
  expect(second).not.toBe(first)
})

test('in the foreground it ends gracefully on SIGINT and SIGTERM, with nothing left over', async () => {
  await using argos = await launcher()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const up = argos.start('up')
    await eventually('it is ready', () => up.output().includes('Ctrl-C stops Argos'), { timeoutMs: 60_000 })
    const edge = await edgePid(argos)
    expect(up.process.kill(signal)).toBe(true)
    expect(await up.ended).toMatchObject({ code: 0 })
    expect(alive(edge)).toBe(false)
    expect(await panelAnswers(argos)).toBe(false)
  }
})

test('a taken port is refused with the name of who holds it', async () => {
  await using argos = await launcher()
  for (const port of [argos.ports.http, argos.ports.https, argos.ports.panel]) {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const up = await argos.run('up', '--detach')
    await new Promise((resolve) => server.close(resolve))
    expect(up.code).toBe(1)
    expect(up.output).toContain(`Port ${port} is taken by`)
    expect(up.output).toContain(`pid ${process.pid}`)
  }
})

describe('what a killed launcher leaves over', () => {
  test('is named and refused by the next up, and ended by down', async () => {
    await using argos = await launcher()
    await argos.run('up', '--detach')
    const edge = await edgePid(argos)
    process.kill(instance(argos).pid, 'SIGKILL')
    await eventually('the launcher is gone', () => !alive(instance(argos).pid))
    expect(await panelAnswers(argos), 'hosts are served without a launcher').toBe(true)

    const up = await argos.run('up', '--detach')
    expect(up.code).toBe(1)
    expect(up.output).toMatch(/Left over/)
    expect(up.output).toContain(`edge (pid ${edge}`)
    expect(up.output).toContain('./argos down')

    expect((await argos.run('down')).output).toContain(`left-over edge (pid ${edge})`)
    expect(alive(edge)).toBe(false)
    const fresh = await argos.run('up', '--detach')
    expect(fresh.code, fresh.output).toBe(0)
  })
})

test('of two launchers at once one runs and the other says so', async () => {
  await using argos = await launcher()
  const both = await Promise.all([argos.run('up', '--detach'), argos.run('up', '--detach')])
  const [one, other] = both.toSorted((a, b) =>
    a.output.match(setupLink) ? -1 : b.output.match(setupLink) ? 1 : 0,
  )
  expect(one?.code, one?.output).toBe(0)
  expect(one?.output).toMatch(setupLink)
  expect(other?.output).toMatch(/Another launcher holds|already running/)
  expect(await panelAnswers(argos)).toBe(true)
})

test('a killed edge is started again and serves what is saved', async () => {
  await using argos = await launcher()
  await argos.run('up', '--detach')
  const edge = await edgePid(argos)
  process.kill(edge, 'SIGKILL')
  await eventually(
    'another edge serves the panel',
    async () => (await panelAnswers(argos)) && (await edgePid(argos)) !== edge,
    {
      timeoutMs: 30_000,
    },
  )
})

describe('the environment', () => {
  test('a malformed master key ends the start with code 78 and is not printed', async () => {
    await using argos = await launcher()
    writeFileSync(argos.envFile, 'ARGOS_MASTER_KEY=not-a-key-but-secret\n', { mode: 0o600 })
    const up = await argos.run('up', '--detach')
    expect(up.code).toBe(78)
    expect(up.output).toContain('ARGOS_MASTER_KEY')
    expect(up.output).not.toContain('not-a-key-but-secret')
  })

  test('SE-11 a panel over plain HTTP needs a flag of its own and warns', async () => {
    await using refused = await launcher({ ARGOS_LISTEN: '0.0.0.0:9080' })
    const up = await refused.run('up', '--detach')
    expect(up.code).toBe(78)
    expect(up.output).toContain('ARGOS_INSECURE_HTTP')
  })

  test('edge and panel do not show the master key to those who list processes', async () => {
    await using argos = await launcher()
    await argos.run('up', '--detach')
    const key = /ARGOS_MASTER_KEY=([0-9a-f]{64})/.exec(readFileSync(argos.envFile, 'utf8'))?.[1] ?? ''
    expect(key).toHaveLength(64)
    const edge = await edgePid(argos)
    expect(readFileSync(`/proc/${edge}/environ`, 'utf8')).not.toContain(key)
    expect(readFileSync(`/proc/${edge}/cmdline`, 'utf8')).not.toContain(key)
  })
})

test('what Node has compiled is kept for the next start', async () => {
  await using argos = await launcher()
  const compiled = join(repository, '.cache/node')
  rmSync(compiled, { recursive: true, force: true })
  expect((await argos.run('version')).code).toBe(0)
  expect(readdirSync(compiled)).not.toEqual([])
})

test('words that are no verbs, and options that are none, are refused with code 2 and the remedy', async () => {
  await using argos = await launcher()
  expect(await argos.run('fly')).toMatchObject({ code: 2, output: expect.stringContaining('./argos help') })
  expect(await argos.run('down', '--fast')).toMatchObject({
    code: 2,
    output: expect.stringContaining('./argos down'),
  })
  expect(await argos.run('help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('Usage: ./argos'),
  })
})
