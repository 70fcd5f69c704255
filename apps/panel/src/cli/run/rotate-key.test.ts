import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { scratch } from '@argos/testkit'
import { expect, test } from 'vitest'
import { dropFormerKey, putNewKey, stageOf } from './rotate-key.ts'

const old = 'a1'.repeat(32)

test('SC-06 the file has both keys while secrets are sealed anew, and keeps everything else that stands in it', () => {
  using folder = scratch()
  const path = join(folder.path, '.env')
  writeFileSync(path, `# mine\nARGOS_HTTP_PORT=8080\nARGOS_MASTER_KEY=${old}\nARGOS_LOG_LEVEL=debug`)
  chmodSync(path, 0o644)
  expect(stageOf(path)).toBe('none')
  putNewKey(path)
  const during = parseEnv(readFileSync(path, 'utf8'))
  expect(stageOf(path)).toBe('begun')
  expect(during).toMatchObject({
    ARGOS_HTTP_PORT: '8080',
    ARGOS_LOG_LEVEL: 'debug',
    ARGOS_FORMER_MASTER_KEY: old,
  })
  expect(during.ARGOS_MASTER_KEY).toMatch(/^[0-9a-f]{64}$/)
  expect(during.ARGOS_MASTER_KEY).not.toBe(old)
  expect(statSync(path).mode & 0o777).toBe(0o600)

  dropFormerKey(path)
  expect(stageOf(path)).toBe('none')
  expect(parseEnv(readFileSync(path, 'utf8')).ARGOS_MASTER_KEY).toBe(during.ARGOS_MASTER_KEY)
  expect(readFileSync(path, 'utf8')).toContain('# mine\n')
  expect(readFileSync(path, 'utf8')).not.toContain(old)
  expect(readdirSync(folder.path)).toEqual(['.env'])
})

test('a file without a key is left as it is', () => {
  using folder = scratch()
  const path = join(folder.path, '.env')
  writeFileSync(path, 'ARGOS_HTTP_PORT=8080\n')
  expect(() => putNewKey(path)).toThrow('has no ARGOS_MASTER_KEY')
  expect(readFileSync(path, 'utf8')).toBe('ARGOS_HTTP_PORT=8080\n')
})
