import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hostCreate, hostList, hostView, login, setupCreate } from '@argos/contract'
import { admin, apiClient, eventually, repository, scratch, visit } from '@argos/testkit'
import { expect, test } from 'vitest'
import { deployment, dockerOk, startService } from '../support/docker.ts'

const call = promisify(execFile)
const NAME = 'app.example.test'
const OLD = '0.0.0-before'

/** The images of the commit before this one; of this one where the history does not reach further back. */
async function buildOlder(): Promise<void> {
  using folder = scratch('argos-before-')
  const git = async (...args: readonly string[]) =>
    (await call('git', args, { cwd: repository })).stdout.trim()
  const commit = await git('rev-parse', '--verify', '--quiet', 'HEAD~1').catch(() => git('rev-parse', 'HEAD'))
  await call('sh', ['-c', `git -c tar.umask=0022 archive ${commit} | tar -x -C "$1"`, 'sh', folder.path], {
    cwd: repository,
  })
  const binary = join(folder.path, '.cache/edge/argos-edge')
  const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' }
  const flags = ['build', '-trimpath', '-buildvcs=false', '-ldflags', `-s -w -X main.version=${OLD}`]
  await call(process.env.ARGOS_GO || 'go', [...flags, '-o', binary, '.'], {
    cwd: join(folder.path, 'apps/edge'),
    env,
  })
  expect(existsSync(binary)).toBe(true)
  const build = (part: string, ...args: readonly string[]) =>
    dockerOk(
      'build',
      ...['--file', join(folder.path, `docker/${part}.Dockerfile`), '--tag', `argos-${part}:${OLD}`],
      ...args,
      folder.path,
    )
  await build('edge', '--build-arg', 'EDGE_SOURCE=.cache/edge')
  await build('panel')
}

test('LD-05 an upgrade from the images of the commit before keeps everything, and hosts are served after it', async () => {
  await buildOlder()
  await using argos = await deployment()
  await argos.up({ ARGOS_VERSION: OLD })
  const link = new URL(await argos.link())
  const api = apiClient(link.origin)
  api.signedIn(await api.call(setupCreate, { body: { ...admin, token: link.hash.replace('#token=', '') } }))
  await startService(argos)
  const { host } = await api.call(hostCreate, {
    body: {
      domains: [NAME],
      tls: 'none',
      upstream: { pool: { name: 'service', targets: [{ address: 'service', port: 8096 }] } },
    },
  })
  const served = async () =>
    (await visit({ port: argos.ports.http, name: NAME }).catch(() => null))?.status === 200
  await eventually('the host is served', served)

  await argos.up()
  expect((await argos.inspect('panel')).Config.Image).not.toContain(OLD)
  expect(await argos.exec('edge', 'argos-edge', 'version')).not.toContain(OLD)
  await eventually('the host is served by what is new', served, { timeoutMs: 30_000 })
  await argos.reachable()
  const after = apiClient(link.origin)
  after.signedIn(await after.call(login, { body: admin }))
  expect((await after.call(hostList, {})).hosts.map(({ id }) => id)).toEqual([host.id])
  expect((await after.call(hostView, { params: { id: host.id } })).domains).toEqual([NAME])
})
