import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../packages/testkit/src/tools.ts'
import { run } from './child.ts'
import { goFailures, goTally, nothing, one, skip, sum, type Tally, vitestTally } from './counts.ts'
import { startEngine } from './docker/engine.ts'
import { linter, prepareMachine } from './machine.ts'

export interface Stage {
  readonly name: string
  readonly summary: string
  /** Stages without which this one cannot run: they are run before it. */
  readonly needs?: readonly string[]
  /** Whether a process that is still there afterwards counts as a failure. */
  readonly leavesNothing?: true
  /** `only` is what stood after the colon in `e2e:launcher`: a part of the paths of its tests. */
  run(root: string, only: string | undefined): Promise<Tally>
}

const STATICCHECK = 'honnef.co/go/tools/cmd/staticcheck@v0.8.2'

export const stages: readonly Stage[] = [
  {
    name: 'machine',
    summary: 'What the suites need of this machine',
    run: (root) => prepareMachine(root),
  },
  {
    name: 'types',
    summary: 'Types of panel, packages and pages',
    run: async (root) => {
      const tsc = join(root, 'node_modules/.bin/tsc')
      return sum([
        await check(root, 'types', [tsc, '-p', '.']),
        await check(root, 'types of the pages', [tsc, '-p', 'apps/web']),
      ])
    },
  },
  {
    name: 'lint',
    summary: 'Rules and format of the code, shell scripts and Dockerfiles',
    run: async (root) => {
      const biome = join(root, 'node_modules/.bin/biome')
      const code = await check(root, 'lint', [biome, 'check', '--error-on-warnings', '.'])
      // Together, so that it sees what the launcher's parts give each other.
      const scripts = [
        ...['argos', '.ci/run', 'docker/argos.sh', 'docker/folders.sh'],
        ...['apps/panel/src/cli/service/argos.sh', 'apps/panel/test/support/boot.sh'],
      ]
      const images = ['docker/edge.Dockerfile', 'docker/panel.Dockerfile']
      return sum([
        code,
        await lintWith(root, 'shellcheck', ['-x', '-P', root, ...scripts]),
        await lintWith(root, 'hadolint', ['--no-color', ...images]),
      ])
    },
  },
  { name: 'docs', summary: 'What the documents name exists', run: (root) => vitest(root, 'docs', undefined) },
  {
    name: 'unit',
    summary: 'Tests beside the code',
    needs: ['machine'],
    leavesNothing: true,
    run: (root, only) => vitest(root, 'unit', only),
  },
  {
    name: 'edge',
    summary: 'The Go code: vet, staticcheck, tests with the race detector',
    needs: ['machine'],
    run: edge,
  },
  {
    name: 'build',
    summary: 'The edge and the pages, as `up` builds them',
    run: async (root) =>
      sum([
        await check(root, 'build of the edge', [join(root, 'argos'), 'build', 'edge'], true),
        await check(root, 'build of the pages', [join(root, 'argos'), 'build', 'web'], true),
      ]),
  },
  {
    name: 'budget',
    summary: 'The weight of the pages',
    needs: ['build'],
    run: async (root) => {
      const { ok, lines } = await run(root, {
        name: 'budget',
        command: process.execPath,
        args: ['apps/web/test/budget.ts'],
        show: true,
      })
      const sizes = lines.filter((text) => /^(ok|OVER) /.test(text))
      if (sizes.length === 0) return one('the weight of the pages could not be read', ok)
      return sum(sizes.map((text) => one(text, text.startsWith('ok'))))
    },
  },
  {
    name: 'e2e',
    summary: 'The real edge and panel, real upstreams, certificates and a browser',
    needs: ['machine', 'build'],
    leavesNothing: true,
    run: (root, only) => vitest(root, 'e2e', only),
  },
  {
    name: 'faults',
    summary: 'Kills, cut connections and outages under writes',
    needs: ['machine', 'build'],
    leavesNothing: true,
    run: (root, only) => vitest(root, 'faults', only),
  },
  {
    // Last, and by itself: a network that comes or goes aborts what Chromium is loading.
    name: 'docker',
    summary: 'The images and the Compose files, on an engine of its own',
    needs: ['machine', 'build'],
    leavesNothing: true,
    run: docker,
  },
]

async function docker(root: string, only: string | undefined): Promise<Tally> {
  const engine = await startEngine(root)
  if ('missing' in engine) return skip(`the images and Compose files (no Docker engine: ${engine.missing})`)
  try {
    return await vitest(root, 'docker', only, engine.env)
  } finally {
    await engine.stop()
  }
}

async function lintWith(root: string, name: 'shellcheck' | 'hadolint', args: string[]): Promise<Tally> {
  const program = await linter(root, name)
  return program ? check(root, name, [program, ...args]) : skip(`${name} (neither it nor pip is here)`)
}

/** A command that is right or wrong as a whole. Its output is shown when it is wrong. */
async function check(
  root: string,
  name: string,
  [command = '', ...args]: string[],
  show = false,
): Promise<Tally> {
  const { ok, lines, log } = await run(root, { name, command, args, show })
  if (!ok && !show) tell(lines, log)
  return one(name, ok)
}

const SHOWN = 80

function tell(lines: readonly string[], log: string): void {
  for (const text of lines.slice(0, SHOWN)) process.stdout.write(`    ${text}\n`)
  if (lines.length > SHOWN) process.stdout.write(`    … ${lines.length - SHOWN} more lines in ${log}\n`)
}

async function vitest(
  root: string,
  project: string,
  only: string | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<Tally> {
  const report = join(root, `.cache/log/test-${project}.json`)
  rmSync(report, { force: true })
  const { ok, log } = await run(root, {
    name: project,
    command: process.execPath,
    args: [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--project', project, '--reporter', join(root, 'scripts/test/reporter.ts')],
      ...['--reporter', 'json', '--outputFile.json', report],
      ...(only === undefined ? [] : [only]),
    ],
    env: { NODE_NO_WARNINGS: '1', ...env },
    show: true,
  })
  if (!existsSync(report)) return one(`${project}: no report was written, see ${log}`, false)
  const tally = vitestTally(readFileSync(report, 'utf8'), root)
  const silent = !ok && tally.failed.length === 0
  return silent ? sum([tally, one(`${project}: an error outside of a test, see ${log}`, false)]) : tally
}

/** All of it shares one build cache: the flags are those the binary is built with. */
async function edge(root: string, only: string | undefined): Promise<Tally> {
  const go = process.env.ARGOS_GO ?? ''
  if (go === '') return skip('the Go code (no Go is here, and none could be fetched)')
  const cwd = join(root, 'apps/edge')
  const env = { GOFLAGS: '-trimpath', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' }
  const goCheck = async (name: string, args: readonly string[]): Promise<Tally> => {
    const { ok, lines, log } = await run(root, { name, command: go, args, cwd, env })
    if (!ok) tell(lines, log)
    return one(name, ok)
  }
  const packages = only === undefined ? './...' : `./${only}/...`
  const race = findProgram('cc') !== null
  const vet = await goCheck('go vet', ['vet', packages])
  const lint = await goCheck('staticcheck', ['run', STATICCHECK, packages])
  const { ok, lines, log } = await run(root, {
    name: 'go test',
    command: go,
    args: ['test', ...(race ? ['-race'] : []), '-count=1', '-json', packages],
    cwd,
    env: { ...env, CGO_ENABLED: race ? '1' : '0' },
  })
  const tests = goTally(lines)
  if (!ok) tell(goFailures(lines, tests), log)
  const silent = !ok && tests.failed.length === 0 ? one(`go test: ended badly, see ${log}`, false) : nothing
  return sum([vet, lint, tests, silent])
}
