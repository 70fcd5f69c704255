import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepCopy } from './copy.ts'

let folder: string
let sqlite: SQLite.Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argos-copy-'))
  sqlite = new SQLite(join(folder, 'argos.db'))
  sqlite.exec("create table meta (value text); insert into meta values ('old')")
})
afterEach(() => {
  sqlite.close()
  rmSync(folder, { recursive: true })
})
const valueIn = (path: string) => {
  const copy = new SQLite(path, { readonly: true })
  const value = copy.prepare('select value from meta').pluck().get()
  copy.close()
  return value
}

test('FT-06 what a killed start left of a copy is not taken for one', () => {
  const copy = join(folder, 'argos.db.before-0002')
  writeFileSync(`${copy}.new`, 'half of a database')
  keepCopy(sqlite, copy)
  expect([valueIn(copy), statSync(copy).mode & 0o777]).toEqual(['old', 0o600])
  expect(readdirSync(folder).sort()).toEqual(['argos.db', 'argos.db.before-0002'])
})

test('a copy that is there stays, and one that cannot be made has no name', () => {
  const copy = join(folder, 'argos.db.before-0002')
  keepCopy(sqlite, copy)
  sqlite.exec("update meta set value = 'new'")
  keepCopy(sqlite, copy)
  expect(valueIn(copy)).toBe('old')
  const other = join(folder, 'other')
  sqlite.exec('begin')
  expect(() => keepCopy(sqlite, other)).toThrow('VACUUM')
  sqlite.exec('rollback')
  expect(existsSync(other)).toBe(false)
})
