import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compile } from '../src/index.ts'
import { anInput, type InputParts } from './factories.ts'

const folder = join(import.meta.dirname, '../golden')
const DASHES = '\n----------\n'

/** A golden file: parts of an input, with the paths of the output to show; dashes; the output. UPDATE=1 writes it. */
test.each(readdirSync(folder).filter((f) => f.endsWith('.txt')))('golden %s', (file) => {
  const path = join(folder, file)
  const [input = '', want = ''] = readFileSync(path, 'utf8').split(DASHES)
  const { show, ...parts } = JSON.parse(input) as InputParts & { show: string[] }
  const output = compile(anInput(parts))
  const got = `${JSON.stringify(Object.fromEntries(show.map((p) => [p, pick(output, p)])), null, 2)}\n`
  if (process.env.UPDATE === '1') writeFileSync(path, `${input}${DASHES}${got}`)
  else expect(got).toBe(want)
})

const pick = (from: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], from)
