import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { recordChange } from '../changes/changes.store.ts'
import { emit } from '../events/outbox.ts'
import { openDatabase } from './open.ts'
import { testDatabase } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'argos-db-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the database', () => {
  test('its schema is the one that was reviewed', async () => {
    const { db } = await testDatabase()
    const { rows } = await sql<{ sql: string }>`
      select sql from sqlite_master
      where sql is not null and name not like 'sqlite_%' and name not like 'kysely_%' order by type, name`.execute(
      db,
    )
    const text = rows
      .map((row) => row.sql.replaceAll(/\n {4}/g, '\n  ').replaceAll(/\n {2}\)/g, '\n)'))
      .join('\n\n')
    await expect(`${text}\n`).toMatchFileSnapshot('./schema.sql')
  })

  test('an acknowledged write is on the disk: WAL, FULL, foreign keys, owner only', async () => {
    const path = join(folder, 'durable.db')
    const { db, close } = await openDatabase(path)
    const pragma = async (name: string) =>
      Object.values((await sql.raw(`pragma ${name}`).execute(db)).rows[0] ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
    await close()
  })

  test('it opens again as it was left', async () => {
    const path = join(folder, 'again.db')
    const first = await openDatabase(path)
    await first.db.insertInto('meta').values({ key: 'k', value: 'v' }).execute()
    await first.close()
    const second = await openDatabase(path)
    expect(await second.db.selectFrom('meta').selectAll().execute()).toEqual([{ key: 'k', value: 'v' }])
    await second.close()
  })

  test('one made by a newer version is refused with what to do', async () => {
    const path = join(folder, 'newer.db')
    await (await openDatabase(path)).close()
    const sqlite = new SQLite(path)
    sqlite.exec("insert into kysely_migration values ('9999-later', '2030-01-01')")
    sqlite.close()
    await expect(openDatabase(path)).rejects.toThrow(/newer version of Argos \(9999-later\).*restore/)
  })

  test('FT-04 a writing transaction that meets another writer fails at its start, not half-way', async () => {
    const path = join(folder, 'busy.db')
    const { db, close } = await openDatabase(path)
    const other = new SQLite(path)
    other.exec('begin immediate')
    let began = false
    const writing = db.transaction().execute(async () => {
      began = true
    })
    await expect(writing).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
    expect(began).toBe(false)
    const snapshot = db.transaction().setAccessMode('read only')
    expect(await snapshot.execute((trx) => trx.selectFrom('meta').selectAll().execute())).toEqual([])
    other.exec('rollback')
    other.close()
    await close()
  })

  test('generations only grow, and events wait in the outbox', async () => {
    const { db } = await testDatabase()
    const change = () =>
      db.transaction().execute(async (trx) => {
        await emit(trx, 'host.deleted', { hostId: 'h', name: 'app.example.com' })
        return recordChange(
          trx,
          { kind: 'cli', name: 'root' },
          { words: ['Deleted app.example.com'], hosts: ['h'] },
        )
      })
    expect([await change(), await change()]).toEqual([1, 2])
    const events = await db.selectFrom('outbox').select(['type', 'severity', 'delivered_at']).execute()
    expect(events).toEqual(Array(2).fill({ type: 'host.deleted', severity: 'info', delivered_at: null }))
  })
})
