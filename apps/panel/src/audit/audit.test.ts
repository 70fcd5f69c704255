import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { fakeClock, testDatabase } from '../db/testing.ts'
import type { Actor } from './actor.ts'
import { auditService } from './audit.service.ts'

const anna: Actor = { kind: 'user', id: 'u_1', name: 'anna', address: '203.0.113.7' }

async function trail(rows = 0) {
  const { db } = await testDatabase()
  const clock = fakeClock()
  const audit = auditService({ db, clock })
  const record = (name: string) =>
    db.transaction().execute((trx) =>
      audit.record(trx, anna, {
        action: 'host.create',
        subject: { kind: 'host', id: `h_${name}`, name },
        words: `Published ${name}`,
        after: { name },
      }),
    )
  for (let n = 1; n <= rows; n++) await record(`app${n}.example.com`)
  return { db, audit, record }
}

describe('the audit trail', () => {
  test('an entry says who, what, where from, and what it was before and after', async () => {
    const { audit, record } = await trail()
    await record('app.example.com')
    const { entries } = await audit.list({ limit: 10 })
    expect(entries).toMatchObject([
      {
        id: 1,
        actor: { kind: 'user', name: 'anna' },
        action: 'host.create',
        words: 'Published app.example.com',
        address: '203.0.113.7',
        before: null,
        after: { name: 'app.example.com' },
      },
    ])
  })

  test('many entries at once are a chain too, and words are found however far back they are', async () => {
    const { db, audit, record } = await trail(1)
    const one = (n: number) => ({
      action: 'host.update',
      subject: { kind: 'host', id: `h_${n}`, name: `h${n}.example` },
      words: `Paused h${n}.example`,
    })
    const entries = Array.from({ length: 10_500 }, (_, n) => one(n))
    await db.transaction().execute((trx) => audit.recordAll(trx, anna, entries))
    await db.transaction().execute((trx) => audit.recordAll(trx, anna, []))
    await record('last.example.com')
    expect(await audit.verify()).toEqual({ ok: true, checked: 10_502, brokenAt: null })
    const ids = async (q: string, limit: number, before?: number) => {
      const found = await audit.list({ q, limit, before })
      return [found.entries.map((e) => e.id), found.more]
    }
    expect(await ids('published', 5)).toEqual([[10_502, 1], false])
    expect(await ids('published', 1)).toEqual([[10_502], true])
    expect(await ids('published', 1, 10_502)).toEqual([[1], false])
    expect(await ids('nothing', 5)).toEqual([[], false])
  })

  test('an entry is kept with its change or not at all', async () => {
    const { db, audit } = await trail()
    const failing = db.transaction().execute(async (trx) => {
      await audit.record(trx, anna, { action: 'x', subject: { kind: 'x', id: null, name: 'x' }, words: 'x' })
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    expect((await audit.list({ limit: 10 })).entries).toEqual([])
    expect(await audit.verify()).toEqual({ ok: true, checked: 0, brokenAt: null })
  })

  test('LO-06 the database itself refuses to change or delete an entry', async () => {
    const { db } = await trail(1)
    await expect(db.updateTable('audit').set({ words: 'nothing' }).execute()).rejects.toThrow('never changed')
    await expect(db.deleteFrom('audit').execute()).rejects.toThrow('never deleted')
  })

  test.each([
    { name: 'edited', statement: "update audit set words = 'nothing' where id = 2", brokenAt: 2 },
    { name: 'deleted in the middle', statement: 'delete from audit where id = 2', brokenAt: 2 },
    { name: 'deleted at the end', statement: 'delete from audit where id = 3', brokenAt: 3 },
    {
      name: 'added by hand',
      statement: `insert into audit select 4, at, actor_kind, actor_id, actor_name, action,
        subject_kind, subject_id, subject_name, words, address, before, after, hash, 'abc' from audit where id = 3`,
      brokenAt: 4,
    },
  ])('LO-06 an entry $name by SQL, triggers gone, is found', async ({ statement, brokenAt }) => {
    const { db, audit } = await trail(3)
    expect(await audit.verify()).toEqual({ ok: true, checked: 3, brokenAt: null })
    await sql`drop trigger audit_no_update`.execute(db)
    await sql`drop trigger audit_no_delete`.execute(db)
    await sql.raw(statement).execute(db)
    expect(await audit.verify()).toMatchObject({ ok: false, brokenAt })
  })

  test('a chain longer than one batch is checked whole', async () => {
    const { audit } = await trail(1_203)
    expect(await audit.verify()).toEqual({ ok: true, checked: 1_203, brokenAt: null })
  })

  test.each([
    { q: 'published app2', found: [2] },
    { q: 'ANNA app1.', found: [1] },
    { q: '203.0.113', found: [3, 2, 1] },
    { q: '100%', found: [] },
    { q: 'app_', found: [] },
  ])('search: $q', async ({ q, found }) => {
    const { audit } = await trail(3)
    expect((await audit.list({ q, limit: 10 })).entries.map((e) => e.id)).toEqual(found)
  })

  test('pages go back in time and say whether there is more', async () => {
    const { audit } = await trail(5)
    const first = await audit.list({ limit: 3 })
    expect([first.entries.map((e) => e.id), first.more]).toEqual([[5, 4, 3], true])
    const second = await audit.list({ limit: 3, before: 3 })
    expect([second.entries.map((e) => e.id), second.more]).toEqual([[2, 1], false])
  })
})
