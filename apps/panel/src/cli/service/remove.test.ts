import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratch } from '@argos/testkit'
import { expect, test } from 'vitest'
import type { Context } from '../verb.ts'
import { at } from './places.ts'
import { remove } from './remove.ts'

test.skipIf(process.getuid?.() !== 0)('a folder that no install has made is left alone', async () => {
  using folder = scratch()
  const root = folder.path
  const program = join(root, at.program)
  mkdirSync(program, { recursive: true })
  writeFileSync(join(program, 'mine'), 'x')
  const said: string[] = []
  const context = { say: (line = '') => void said.push(line) } as unknown as Context
  await remove.run(context, { root }, [])
  expect(existsSync(join(program, 'mine'))).toBe(true)
  expect(said).toEqual(['The service is not installed.'])

  writeFileSync(join(program, 'service.env'), '')
  await remove.run(context, { root }, [])
  expect(existsSync(program)).toBe(false)
  expect(said.at(-1)).toBe('The service is removed.')
})
