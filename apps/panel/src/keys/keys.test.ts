import { keyId, parseKey, SealBroken, secretbox } from '@argos/secretbox'
import { type Kysely, sql } from 'kysely'
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { auditService } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import { fakeClock, testDatabase } from '../db/testing.ts'
import { RECOVERY_SHEET_DONE } from '../identity/pending.ts'
import { checkKey, rememberKey } from '../secrets.ts'
import { reseal } from './rotation.ts'
import { sealedColumns } from './sealed-columns.ts'
import { settleKey } from './settle.ts'

const [former, next, foreign] = ['a1', 'b2', 'c3'].map((byte) => parseKey(byte.repeat(32))) as [
  Buffer,
  Buffer,
  Buffer,
]

/** Secrets in every column that has envelopes, sealed with `key`. */
async function withSecrets(key: Buffer) {
  const { db } = await testDatabase()
  await rememberKey(db, key)
  const box = secretbox(key)
  const seal = (table: string, column: string, row: string) => box.seal({ table, column, row }, `of ${row}`)
  for (const id of ['u_anna', 'u_bea']) {
    await db
      .insertInto('user')
      .values({
        ...{ id, username: id, password_hash: '', role: 'member', disabled: 0, created_at: 0 },
        ...{ email: null, password_changed_at: null },
      })
      .execute()
    const secret = seal('totp', 'secret', id)
    await db
      .insertInto('totp')
      .values({ user_id: id, secret, created_at: 0, confirmed_at: 0, last_step: 7 })
      .execute()
    for (let position = 0; position < 3; position++)
      await db
        .insertInto('recovery_code')
        .values({
          ...{ user_id: id, position, used_at: null },
          hash: seal('recovery_code', 'hash', `${id}:${position}`),
        })
        .execute()
    for (const [n, token] of [null, seal('session', 'oidc_id_token', id)].entries())
      await db
        .insertInto('session')
        .values({
          ...{ token_hash: `${id}${n}`, id: `s_${id}${n}`, user_id: id, created_at: 0, last_seen_at: 0 },
          ...{ expires_at: 1, address: '', user_agent: '', method: 'oidc', auth_at: 0, factor_at: null },
          ...{ oidc_sid: null, oidc_id_token: token },
        })
        .execute()
  }
  await db
    .insertInto('sealed')
    .values({ name: 'client', envelope: seal('sealed', 'envelope', 'client'), at: 0 })
    .execute()
  return db
}

/** Every secret there is, opened with these keys. Throws when one does not open. */
async function opened(db: Kysely<DB>, key: Buffer, more: readonly Buffer[] = []): Promise<string[]> {
  const box = secretbox(key, more)
  const found: string[] = []
  for (const { table, column, key: names, rowOf } of sealedColumns) {
    const { rows } = await sql<Record<string, string | number>>`select * from ${sql.table(table)}`.execute(db)
    for (const row of rows) {
      const envelope = row[column]
      if (typeof envelope !== 'string') continue
      found.push(box.open({ table, column, row: rowOf(names.map((name) => row[name] ?? '')) }, envelope))
    }
  }
  return found.sort()
}
const settling = (db: Kysely<DB>, masterKey: Buffer, formerMasterKey: Buffer | null) =>
  settleKey({
    db,
    audit: auditService({ db, clock: fakeClock() }),
    config: { masterKey, formerMasterKey },
    log: pino({ level: 'silent' }),
  })

/** A database that is gone after so many transactions, as with a panel that is killed there. */
function dying(db: Kysely<DB>, after: number): Kysely<DB> {
  let left = after
  return new Proxy(db, {
    get(target, name) {
      if (name === 'transaction') {
        return () => {
          if (left-- <= 0) throw new Error('killed')
          return target.transaction()
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('a new master key', () => {
  test('SC-06 killed after any step, all is readable with both keys, and in the end with the new one only', async () => {
    const all = await opened(await withSecrets(former), former)
    expect(all).toHaveLength(11)
    let steps = 0
    for (let whole = false; !whole; steps++) {
      const db = await withSecrets(former)
      const rotating = reseal(dying(db, steps), { key: next, former, atOnce: 2 })
      whole = await rotating.then(
        () => true,
        () => false,
      )
      expect(await opened(db, next, [former])).toEqual(all)
      await reseal(db, { key: next, former, atOnce: 2 })
      expect(await opened(db, next)).toEqual(all)
    }
    expect(steps).toBeGreaterThan(5)
  })

  test('SC-06 a start with both keys rotates, says so in the audit, and asks for a new recovery sheet', async () => {
    const db = await withSecrets(former)
    await db.insertInto('meta').values({ key: RECOVERY_SHEET_DONE, value: '1' }).execute()
    expect(await settling(db, next, former)).toBe('ready')
    expect(await checkKey(db, next)).toBe('same')
    await opened(db, next)
    await expect(opened(db, former)).rejects.toThrow(SealBroken)
    expect((await db.selectFrom('audit').selectAll().execute()).map(({ words }) => words)).toEqual([
      'Sealed 11 secrets with a new master key',
    ])
    expect(await db.selectFrom('meta').selectAll().where('key', '=', RECOVERY_SHEET_DONE).execute()).toEqual(
      [],
    )
    expect(await settling(db, next, former), 'once more').toBe('ready')
    expect(await db.selectFrom('audit').selectAll().execute()).toHaveLength(1)
  })

  test('what no key opens stays as it is, and the others are sealed anew', async () => {
    const db = await withSecrets(former)
    const stray = secretbox(foreign).seal({ table: 'sealed', column: 'envelope', row: 'stray' }, 'x')
    await db.insertInto('sealed').values({ name: 'stray', envelope: stray, at: 0 }).execute()
    const { resealed, broken } = await reseal(db, { key: next, former })
    expect(resealed).toBe(11)
    expect(broken).toEqual(['sealed.envelope of stray is sealed with a key that is not here.'])
  })

  test('no envelope stands in a column that a rotation does not know', async () => {
    const db = await withSecrets(former)
    const { rows } = await sql<{ table: string; column: string }>`
      select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
      where m.type = 'table' and m.name not like 'sqlite_%'`.execute(db)
    for (const { table, column } of rows) {
      const found = await sql`select 1 from ${sql.table(table)}
        where cast(${sql.ref(column)} as text) like ${`%v1:${keyId(former)}:%`}`.execute(db)
      const known = sealedColumns.some((one) => one.table === table && one.column === column)
      expect(found.rows.length > 0, `${table}.${column}`).toBe(known)
    }
  })
})

describe('SC-05 another key', () => {
  test('than the database was made with is found out, and nothing is touched', async () => {
    const db = await withSecrets(former)
    const all = await opened(db, former)
    expect(await settling(db, foreign, null)).toBe('read_only')
    expect(await settling(db, foreign, next), 'with a former one that is wrong, too').toBe('read_only')
    expect(await opened(db, former)).toEqual(all)
    expect(await checkKey(db, former)).toBe('same')
    expect(await settling(db, former, null)).toBe('ready')
  })

  test('is remembered at the very first start', async () => {
    const { db } = await testDatabase()
    expect(await settling(db, former, null)).toBe('ready')
    expect(await checkKey(db, former)).toBe('same')
    expect(await checkKey(db, foreign)).toBe('different')
  })
})
