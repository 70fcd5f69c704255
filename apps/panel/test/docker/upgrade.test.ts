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

const git = async (...args: readonly string[]) => (await call('git', args, { cwd: repository })).stdout.trim()

/** The commit before this one. A shallow clone may not have it: then the newest older tag, or this very commit. */
async function older(): Promise<string> {
  const found = (name: string) =>
    git('rev-parse', '--verify', '--quiet', `${name}^{commit}`).catch(() => null)
  const before = await found('HEAD~1')
  if (before) return before
  const head = await git('rev-parse', 'HEAD')
  for (const tag of (await git('tag', '--sort=-creatordate')).split('\n').filter(Boolean)) {
    const commit = await found(tag)
    if (!commit || commit === head) continue
    console.warn(
      `The history of this clone has no commit before HEAD: the upgrade starts from the tag ${tag}.`,
    )
    return commit
  }
  console.warn(
    'The history of this clone has HEAD alone: the upgrade is from HEAD to HEAD. A clone of depth 2 has more.',
  )
  return head
}

/** Its images, and its Compose file, which started them. */
async function buildOlder(folder: string): Promise<string> {
  await call('sh', ['-c', `git -c tar.umask=0022 archive ${await older()} | tar -x -C "$1"`, 'sh', folder], {
    cwd: repository,
  })
  const binary = join(folder, '.cache/edge/argos-edge')
  const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' }
  const flags = ['build', '-trimpath', '-buildvcs=false', '-ldflags', `-s -w -X main.version=${OLD}`]
  await call(process.env.ARGOS_GO || 'go', [...flags, '-o', binary, '.'], {
    cwd: join(folder, 'apps/edge'),
    env,
  })
  expect(existsSync(binary)).toBe(true)
  const build = (part: string, ...args: readonly string[]) =>
    dockerOk(
      'build',
      ...['--file', join(folder, `docker/${part}.Dockerfile`), '--tag', `argos-${part}:${OLD}`],
      ...args,
      folder,
    )
  await build('edge', '--build-arg', 'EDGE_SOURCE=.cache/edge')
  await build('panel')
  return join(folder, 'docker-compose.yml')
}

test('F5 an upgrade from the images of the commit before keeps everything, and hosts are served after it', async () => {
  using folder = scratch('argos-before-')
  const compose = await buildOlder(folder.path)
  await using argos = await deployment()
  await argos.up({ ARGOS_VERSION: OLD, ARGOS_MASTER_KEY: argos.masterKey }, [compose])
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
