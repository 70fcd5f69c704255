import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorStatus } from '../../packages/contract/src/operation.ts'
import { stages } from '../test/stages.ts'
import { documents, linkLeads, linksIn, pathsIn, root, verbsIn } from './documents.ts'

const textOf = (path: string): string => documents.find((d) => d.path === path)?.text ?? ''
const sources = (pattern: string): string =>
  globSync(pattern, { cwd: root, exclude: ['**/node_modules/**'] })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
const verbs = [
  ...readdirSync(join(root, 'apps/panel/src/cli/verbs')).map((file) => file.replace(/\.ts$/, '')),
  ...['help', 'build', 'test', 'bench'],
]

describe.each(documents)('$path', (document) => {
  test('names only paths that exist', () => {
    expect(pathsIn(document).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('links only to what is there', () => {
    expect(linksIn(document).filter((link) => !linkLeads(document, link))).toEqual([])
  })

  test('names only verbs that `./argos` has', () => {
    expect(verbsIn(document).filter((verb) => !verbs.includes(verb))).toEqual([])
  })
})

test('the README names the command that runs the tests', () => {
  expect(textOf('README.md')).toContain('./argos test')
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('argos" test')
})

test('AGENTS.md lists the stages in their order', () => {
  expect(textOf('AGENTS.md').replaceAll(/\s+/g, ' ')).toContain(stages.map(({ name }) => name).join(', '))
})

test('docs/operations.md has every verb', () => {
  const { text, path } = documents.find((d) => d.path === 'docs/operations.md') ?? { text: '', path: '' }
  const named = new Set([...verbsIn({ text, path })])
  expect(verbs.filter((verb) => !named.has(verb))).toEqual([])
})

test('docs/operations.md has every variable that is read, and no other', () => {
  const code = sources('apps/panel/src/{config.ts,cli/**/!(*.test).ts}')
  const secrets = [...code.matchAll(/\.secret\('(ARGOS_[A-Z_]+)'\)/g)].map(([, name]) => `${name}_FILE`)
  const read = new Set([
    ...[...code.matchAll(/\bARGOS_[A-Z_]*[A-Z]\b/g)].map(([name]) => name),
    ...secrets,
    'ARGOS_GO',
  ])
  const described = new Set(
    [...textOf('docs/operations.md').matchAll(/^\| `(ARGOS_[A-Z_]+)` \|/gm)].map(([, n]) => n),
  )
  expect([...described].sort()).toEqual([...read].sort())
})

test('docs/errors.md has one entry for each error code, with its status, and no other', () => {
  const entries = [...textOf('docs/errors.md').matchAll(/^## (\w+)\n\n(\d{3})\. /gm)]
  expect(Object.fromEntries(entries.map(([, code, status]) => [code, Number(status)]))).toEqual(errorStatus)
})

test('docs/threat-model.md names only ids that a test carries in its name', () => {
  const covered = ids(sources('{apps,packages,scripts}/**/*{.test.ts,.test.tsx,_test.go}'))
  expect([...ids(textOf('docs/threat-model.md'))].filter((id) => !covered.has(id))).toEqual([])
})

/** Ids of cases, those of ranges like `SS-01..05` included. */
function ids(text: string): Set<string> {
  const ranges = [...text.matchAll(/\b([A-Z]{2})-(\d{2})\.\.(\d{2})\b/g)].flatMap(([, group, from, to]) =>
    Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, i) => `${group}-${String(Number(from) + i).padStart(2, '0')}`,
    ),
  )
  return new Set([...(text.match(/\b(?:[A-Z]{2}-\d{2}|F\d{1,2})\b/g) ?? []), ...ranges])
}
