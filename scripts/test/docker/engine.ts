import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram } from '../../../packages/testkit/src/tools.ts'
import { endChildren, run } from '../child.ts'
import { aptInstall } from '../machine.ts'
import { importBases } from './bases.ts'
import { unmountBelow } from './unmount.ts'
import { COMPOSE } from './versions.ts'

/** A Docker engine for this run alone, with what the images stand on; or the reason why there is none. */
export type Engine =
  | { readonly env: Readonly<Record<string, string>>; stop(): Promise<void> }
  | { readonly missing: string }

const BRIDGE = 'argos-test0'
const START_MS = 60_000
const sbin = ['/usr/sbin', '/sbin']
const program = (name: string): string | null => findProgram(name, sbin)

/**
 * Starts an engine of its own: private socket, data, bridge and networks, so that one of the machine's is never
 * touched. Everything that costs time is kept in .cache/docker.
 */
export async function startEngine(root: string): Promise<Engine> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { missing: 'not root on Linux' }
  const wanted = ['dockerd', 'docker', 'debootstrap', 'iptables', 'ip']
  if (wanted.some((name) => !program(name)) && process.env.CI === 'true') {
    await aptInstall(root, ['docker.io', 'debootstrap', 'iptables', 'iproute2'])
  }
  const absent = wanted.filter((name) => !program(name))
  if (absent.length > 0) return { missing: `${absent.join(', ')} is missing` }

  const cache = join(root, '.cache/docker')
  mkdirSync(cache, { recursive: true })
  const compose = await buildCompose(root, cache)
  if (compose === null) return { missing: 'Docker Compose could not be built: see .cache/log' }

  await endLast(join(cache, 'dockerd.pid'), join(cache, 'data'))
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  const socket = join(folder, 'docker.sock')
  writeFileSync(join(folder, 'daemon.json'), '{}') // not the machine's own settings
  await bridge(root)
  const ended = run(root, {
    name: 'dockerd',
    quiet: true,
    command: program('dockerd') ?? '',
    args: [
      ...[
        '--host',
        `unix://${socket}`,
        '--data-root',
        join(cache, 'data'),
        '--exec-root',
        join(folder, 'exec'),
      ],
      ...['--pidfile', join(cache, 'dockerd.pid'), '--config-file', join(folder, 'daemon.json')],
      ...['--mtu', String(mtu()), '--bridge', BRIDGE, '--default-address-pool', 'base=10.213.0.0/16,size=24'],
      // Less than the grace of the runner, so that a run that is interrupted leaves no container.
      ...['--shutdown-timeout', '3', '--log-level', 'warn'],
    ],
  })
  let up = true
  void ended.then(() => {
    up = false
  })
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: folder }
  const docker = program('docker') ?? ''
  const stop = async () => {
    await endChildren()
    await ended
    await run(root, { name: 'ip', command: program('ip') ?? '', args: ['link', 'delete', BRIDGE] })
    for (const place of [folder, join(cache, 'data')]) unmountBelow(place)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const until = performance.now() + START_MS; ; await sleep(200)) {
      if (!up) throw new Error('dockerd ended')
      if (
        existsSync(socket) &&
        (await run(root, { name: 'docker-version', command: docker, args: ['version'], env })).ok
      )
        break
      if (performance.now() > until) throw new Error('dockerd does not answer')
    }
    await importBases({ root, docker, env })
  } catch (err) {
    await stop()
    return { missing: `${(err as Error).message}: see .cache/log` }
  }
  return { env: { ...env, TEST_DOCKER: docker, TEST_COMPOSE: compose }, stop }
}

/** What leaves by the default route fits this: a bridge that allows more loses packets behind a tunnel. */
function mtu(): number {
  const routes = readFileSync('/proc/net/route', 'utf8').split('\n')
  const [device] = routes.find((line) => line.split('\t')[1] === '00000000')?.split('\t') ?? []
  return device ? Number(readFileSync(`/sys/class/net/${device}/mtu`, 'utf8')) : 1500
}

/** Its default bridge is made by hand: the name docker0 may belong to an engine of this machine. */
async function bridge(root: string): Promise<void> {
  const ip = (...args: readonly string[]) => run(root, { name: 'ip', command: program('ip') ?? '', args })
  await ip('link', 'delete', BRIDGE)
  await ip('link', 'add', 'name', BRIDGE, 'type', 'bridge')
  await ip('address', 'add', '10.212.0.1/24', 'dev', BRIDGE)
  await ip('link', 'set', BRIDGE, 'up')
}

/** A run that was killed leaves its engine behind: it is ended by its pid, when that still is an engine on this data. */
async function endLast(pidFile: string, data: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  const ours = () =>
    existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  for (let tries = 0; ours() && tries < 100; tries++) {
    process.kill(pid, tries < 50 ? 'SIGTERM' : 'SIGKILL')
    await sleep(200)
  }
  rmSync(pidFile, { force: true })
}

/** Once; later runs find it. Null without Go, or when it does not build. */
async function buildCompose(root: string, cache: string): Promise<string | null> {
  const binary = join(cache, `docker-compose-${COMPOSE}`)
  if (existsSync(binary)) return binary
  const command = process.env.ARGOS_GO ?? ''
  if (command === '') return null
  const cwd = mkdtempSync(join(tmpdir(), 'compose-'))
  const env = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod', CGO_ENABLED: '0' }
  const module = 'github.com/docker/compose/v2/cmd'
  for (const args of [
    ['mod', 'init', 'compose'],
    ['get', `${module}@${COMPOSE}`],
    ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${binary}.new`, module],
  ]) {
    if (!(await run(root, { name: `compose-${args[0]}`, command, args, cwd, env })).ok) return null
  }
  renameSync(`${binary}.new`, binary)
  return binary
}
