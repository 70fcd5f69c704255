import SQLite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepingStatements } from './statements.ts'

let sqlite: SQLite.Database
beforeEach(() => {
  sqlite = new SQLite(':memory:')
  sqlite.exec('create table t (a, b); insert into t values (1, 2), (3, 4)')
})
afterEach(() => sqlite.close())

describe('a database that keeps statements', () => {
  test('parses a text once, and binds anew at each call', () => {
    const db = keepingStatements(sqlite)
    const sql = 'select b from t where a = ?'
    expect(db.prepare(sql).all([1])).toEqual([{ b: 2 }])
    expect(db.prepare(sql).all([3])).toEqual([{ b: 4 }])
    expect(db.prepare(sql)).toBe(db.prepare(sql))
  })
  test('keeps neither transactions nor changes of the schema, and sees the latter', () => {
    const db = keepingStatements(sqlite)
    expect(db.prepare('begin')).not.toBe(db.prepare('begin'))
    const all = 'select * from t'
    expect(db.prepare(all).all([])).toHaveLength(2)
    db.prepare('alter table t add column c').run([])
    expect(db.prepare(all).all([])[0]).toEqual({ a: 1, b: 2, c: null })
  })
  test('keeps no list of thousands', () => {
    const db = keepingStatements(sqlite)
    const sql = `select b from t where a in (${Array(5_000).fill('?').join(', ')})`
    expect(db.prepare(sql)).not.toBe(db.prepare(sql))
  })
  test('lets go of those that were not used for long', () => {
    const db = keepingStatements(sqlite)
    const used = db.prepare('select 0')
    const unused = db.prepare('select 1')
    for (let n = 2; n < 400; n++) {
      db.prepare(`select ${n}`)
      expect(db.prepare('select 0')).toBe(used)
    }
    expect(db.prepare('select 1')).not.toBe(unused)
  })
})
