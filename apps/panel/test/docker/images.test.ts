import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@argos/testkit'
import { expect, test } from 'vitest'
import { dockerOk } from '../support/docker.ts'

const MINUTE = 60_000

test('the image of the edge compiles its edge inside, as it does for operators', {
  timeout: 15 * MINUTE,
}, async () => {
  const image = 'argos-edge:compiled-inside'
  await dockerOk('build', '--file', 'docker/edge.Dockerfile', '--tag', image, '.')
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    version: string
  }
  const said = (...args: readonly string[]) => dockerOk('run', '--rm', '--read-only', ...args)
  expect(await said(image, 'version')).toContain(version)
  expect((await said(image, 'list-modules')).split('\n')).toEqual(
    expect.arrayContaining(['argos', 'http.handlers.argos_dispatch', 'http.handlers.argos_waiting']),
  )
  // It needs nothing of the system it stands on.
  const libraries = 'ldd /usr/local/bin/argos-edge 2>&1 || true'
  expect(await said('--entrypoint', 'sh', image, '-c', libraries)).toMatch(/not a dynamic executable/)
})
