import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratch } from '@argos/testkit'
import { expect, test } from 'vitest'
import { takeLock } from './lock.ts'

const mode = (path: string) => statSync(path).mode & 0o777
/** Asks another process: within one, SQLite itself knows. */
function othersGetIt(folder: string): boolean {
  const code = `import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    process.exit(takeLock(${JSON.stringify(folder)}) === null ? 3 : 0)`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  })
  if (status !== 0 && status !== 3) throw new Error(stderr)
  return status === 0
}

test('a lock is held by one at a time, in a file of its owner alone', () => {
  using folder = scratch()
  const path = join(folder.path, 'argos.lock')
  writeFileSync(path, '')
  chmodSync(path, 0o644)
  const lock = takeLock(folder.path)
  expect(lock).not.toBe(null)
  expect(mode(path)).toBe(0o600)
  expect(takeLock(folder.path)).toBe(null)
  expect(othersGetIt(folder.path)).toBe(false)
  lock?.release()
  expect(othersGetIt(folder.path)).toBe(true)
  const again = takeLock(folder.path)
  expect(again).not.toBe(null)
  again?.release()
})

test('a link in its place is refused: what it leads to keeps its mode, and is not made', () => {
  using folder = scratch()
  const theirs = join(folder.path, 'theirs')
  writeFileSync(theirs, 'root:x:0:0\n')
  chmodSync(theirs, 0o644)
  symlinkSync(theirs, join(folder.path, 'argos.lock'))
  symlinkSync(join(folder.path, 'none'), join(folder.path, 'panel.lock'))
  for (const name of ['argos.lock', 'panel.lock'])
    expect(() => takeLock(folder.path, 0, name)).toThrow(`${join(folder.path, name)} is a link`)
  expect(mode(theirs)).toBe(0o644)
  expect(existsSync(join(folder.path, 'none'))).toBe(false)
})
