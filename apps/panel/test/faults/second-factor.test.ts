import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { recoveryCodesMake } from '@argos/contract'
import { scratch } from '@argos/testkit'
import SQLite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { factorsBench, withTotp } from '../../src/factors/testing.ts'
import { admin, origin, throughEdge } from '../../src/testing.ts'

const script = resolve(import.meta.dirname, '../support/renew-and-die.ts')

test('TO-07 a panel that is killed at any statement while codes are renewed leaves the old ten whole, or the new ten', async () => {
  using folder = scratch('argos-renew-')
  const start = join(folder.path, 'start.db')
  const database = await openDatabase(start)
  const bench = await factorsBench({ database })
  // The killed ones run on the machine's clock.
  bench.clock.set(Date.now())
  const anna = bench.from()
  await anna.signIn()
  const { codes } = await withTotp(bench, anna)
  const request = {
    method: recoveryCodesMake.method,
    url: recoveryCodesMake.path,
    headers: { ...throughEdge, origin, cookie: anna.cookie(), 'x-csrf-token': anna.csrf() },
    payload: { password: admin.password, factor: { method: 'recovery', code: codes[0] } },
  }
  await database.close()

  const rowsOf = (path: string) => {
    using db = disposable(new SQLite(path, { readonly: true }))
    return db.prepare('select position, hash, used_at from recovery_code order by position').all() as {
      hash: string
      used_at: number | null
    }[]
  }
  const old = rowsOf(start)
  expect(old).toHaveLength(10)
  let [before, after] = [0, 0]
  for (let at = 1; ; at += 1) {
    const place = join(folder.path, String(at))
    mkdirSync(place)
    const path = join(place, 'argos.db')
    copyFileSync(start, path)
    const env = { ARGOS_DATA_DIR: place, ARGOS_MASTER_KEY: 'c7'.repeat(32), ARGOS_WEB_DIR: place }
    const child = spawnSync(process.execPath, [script, path, String(at)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, RENEW: JSON.stringify({ request, env }) },
    })
    const rows = rowsOf(path)
    if (child.signal === null) {
      expect(child).toMatchObject({ status: 0, stderr: '' })
      expect(rows.filter(({ hash }) => old.some((one) => one.hash === hash))).toEqual([])
      break
    }
    expect(child.signal).toBe('SIGKILL')
    const whole = rows.some(({ hash }) => old.some((one) => one.hash === hash))
    if (whole) expect(rows, `killed at statement ${at}`).toEqual(old)
    else expect([rows.length, rows.every(({ used_at }) => used_at === null)]).toEqual([10, true])
    if (whole) before += 1
    else after += 1
    rmSync(place, { recursive: true })
  }
  // Both sides of the commit were seen.
  expect(before).toBeGreaterThan(8)
  expect(after).toBeGreaterThan(0)
})

const disposable = (db: SQLite.Database) => Object.assign(db, { [Symbol.dispose]: () => void db.close() })
