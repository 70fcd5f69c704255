import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { scratch } from '@argos/testkit'
import SQLite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ArgosDialect } from '../../src/db/dialect.ts'
import { migrations } from '../../src/db/migrations/index.ts'
import { DatabaseRefusal, openDatabase } from '../../src/db/open.ts'

const folder = scratch('argos-migrations-')
afterAll(() => folder[Symbol.dispose]())

const names = Object.keys(migrations).sort()
const newest = names.at(-1) ?? ''
const before = names.slice(0, -1)

/** A database as the version that had only these migrations left it, with something in it. */
async function old(upTo: string): Promise<string> {
  const path = join(folder.path, `${upTo}.db`)
  const sqlite = new SQLite(path)
  const db = new Kysely<unknown>({ dialect: new ArgosDialect({ database: sqlite }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error } = await migrator.migrateTo(upTo)
  if (error !== undefined) throw error
  sqlite.exec(`
    insert into pool values
      ('p', 'a pool', 'http', 1, 1, '{"kind":"tcp"}', '[{"address":"10.0.0.5","port":80}]', 1, 0, 0);
    insert into host (id, name, enabled, tls, access, tags, note, pool_id, version, created_at, updated_at)
      values ('h', 'old.example', 1, 'auto', '{"kind":"public"}', '[]', 'kept', 'p', 3, 0, 0);
    insert into host_domain values ('old.example', 'h', 0);
    insert into change (at, actor_kind, actor_name, words, hosts) values (0, 'cli', 'root', '["Published"]', '["h"]');
    insert into applied values ('host', 'h', 'x', '{}', 0)`)
  await db.destroy()
  return path
}

function contents(path: string) {
  const sqlite = new SQLite(path, { readonly: true })
  const all = (query: string) => sqlite.prepare(query).raw().all()
  const found = {
    sound: [...all('pragma integrity_check'), ...all('pragma foreign_key_check')],
    migrations: all('select name from kysely_migration order by name').flat(),
    hosts: all('select id, name, note, pool_id, version from host'),
    domains: all('select name, host_id from host_domain'),
    pools: all('select id, name, targets from pool'),
    changes: all('select generation, words, hosts from change'),
    applied: all('select kind, id, hash, json from applied'),
  }
  sqlite.close()
  return found
}

describe.each(before)('from %s', (from) => {
  let start = ''
  let was: ReturnType<typeof contents>
  beforeAll(async () => {
    start = await old(from)
    was = contents(start)
  })

  test('F5 an upgrade keeps everything, and the copy from before it can be put back and upgraded again', async () => {
    const place = join(folder.path, `upgrade-${from}`)
    mkdirSync(place)
    const path = join(place, 'argos.db')
    copyFileSync(start, path)
    await (await openDatabase(path)).close()
    const upgraded = { ...was, migrations: names }
    expect(contents(path)).toEqual(upgraded)
    const copy = `${path}.before-${newest}`
    expect(contents(copy)).toEqual(was)
    for (const file of readdirSync(place)) if (/^argos\.db(-wal|-shm)?$/.test(file)) rmSync(join(place, file))
    copyFileSync(copy, path)
    await (await openDatabase(path)).close()
    expect(contents(path)).toEqual(upgraded)
  })

  // The oldest one goes through all that the others do.
  if (from !== before[0]) return
  test('FT-06 a start that is killed at any statement of a migration is made good by the next one', async () => {
    const script = resolve(import.meta.dirname, '../support/open-and-die.ts')
    let kills = 0
    for (let at = 1; ; at++) {
      const place = join(folder.path, `killed-${from}-${at}`)
      mkdirSync(place)
      const path = join(place, 'argos.db')
      copyFileSync(start, path)
      const child = spawnSync(process.execPath, [script, path, String(at)], { encoding: 'utf8' })
      if (child.signal === null) {
        expect(child).toMatchObject({ status: 0, stderr: '' })
        break
      }
      expect(child.signal).toBe('SIGKILL')
      kills++
      await (await openDatabase(path)).close()
      expect(contents(path), `killed at statement ${at}`).toEqual({ ...was, migrations: names })
      expect(contents(`${path}.before-${newest}`), `its copy`).toEqual(was)
      rmSync(place, { recursive: true })
    }
    // One statement each at the least, and what Kysely does around them.
    expect(kills).toBeGreaterThan(10)
  })
})

test('FT-06 a database that a newer version made is refused, and left as it is', async () => {
  const path = join(folder.path, 'newer.db')
  await (await openDatabase(path)).close()
  const sqlite = new SQLite(path)
  sqlite.exec("insert into kysely_migration values ('9999-later', '2030-01-01')")
  sqlite.close()
  const as = contents(path)
  const refused = openDatabase(path)
  await expect(refused).rejects.toThrow(DatabaseRefusal)
  await expect(refused).rejects.toThrow(/newer version of Argos \(9999-later\).*restore/)
  expect(contents(path)).toEqual(as)
})
