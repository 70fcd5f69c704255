import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureKey } from './env-file.ts'

let folder: string
let env: string
let database: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argos-env-'))
  env = join(folder, '.env')
  database = join(folder, 'argos.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const keyIn = () => parseEnv(readFileSync(env, 'utf8')).ARGOS_MASTER_KEY
const mode = () => statSync(env).mode & 0o777

test('a fresh key of 256 bits in a file of its owner alone', () => {
  expect(ensureKey({}, env, database)).toContain('Wrote')
  expect([keyIn(), mode()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 0o600])
})

test('a file that was open to all is closed when it gets the key, and keeps what it had', () => {
  writeFileSync(env, 'ARGOS_HTTP_PORT=8080', { mode: 0o644 })
  expect(ensureKey({ ARGOS_HTTP_PORT: '8080' }, env, database)).toContain('Added')
  expect([keyIn(), mode()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), 0o600])
  expect(parseEnv(readFileSync(env, 'utf8')).ARGOS_HTTP_PORT).toBe('8080')
})

test.each([{ ARGOS_MASTER_KEY: 'x' }, { ARGOS_MASTER_KEY_FILE: '/run/secrets/key' }])(
  'a key that is somewhere is left alone: %j',
  (there) => {
    writeFileSync(env, 'A=1', { mode: 0o640 })
    expect(ensureKey(there, env, database)).toBeNull()
    expect([readFileSync(env, 'utf8'), mode()]).toEqual(['A=1', 0o640])
  },
)

test('a database without its key is not given another one', () => {
  writeFileSync(database, '')
  expect(() => ensureKey({}, env, database)).toThrow('its master key does not')
})
