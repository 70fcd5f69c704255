import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { dockerOk } from '../support/docker.ts'

const dockerfile = (name: string) => readFileSync(join(repository, `docker/${name}.Dockerfile`), 'utf8')

describe('F6 what an image stands on has an exact tag', () => {
  test.each(['edge', 'panel'])('%s.Dockerfile', (name) => {
    const text = dockerfile(name)
    const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage))
    const given = new Map([...text.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, arg, value]) => [arg, value]))
    const from = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)
    expect(from.length).toBeGreaterThan(1)
    for (const image of from) {
      if (stages.has(image)) continue
      const [, arg] = /^\$\{(\w+)\}$/.exec(image) ?? []
      expect([image, given.get(arg ?? '')]).toEqual([
        image,
        expect.stringMatching(/^[a-z/]+:\d+\.\d+(\.\d+)?-[a-z-]+$/),
      ])
    }
  })

  test('and whatever the documents and Compose files name has one too', () => {
    for (const file of ['docs/docker.md', 'docker-compose.yml', 'docker-compose.behind-caddy.yml']) {
      expect(readFileSync(join(repository, file), 'utf8'), file).not.toMatch(/:latest\b/)
    }
  })
})

test('the image of the edge compiles its edge inside, as it does for operators', async () => {
  const image = 'argos-edge:compiled-inside'
  await dockerOk('build', '--file', 'docker/edge.Dockerfile', '--tag', image, '.')
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    version: string
  }
  const run = (...args: readonly string[]) => dockerOk('run', '--rm', '--read-only', image, ...args)
  expect(await run('version')).toContain(version)
  expect((await run('list-modules')).split('\n')).toEqual(
    expect.arrayContaining(['argos', 'http.handlers.argos_dispatch', 'http.handlers.argos_waiting']),
  )
  const linked = await dockerOk(
    'run',
    '--rm',
    '--entrypoint',
    'sh',
    image,
    '-c',
    'ldd /usr/local/bin/argos-edge 2>&1 || true',
  )
  expect(linked).toMatch(/not a dynamic executable|statically linked/)
})
