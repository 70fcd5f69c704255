import { expect, test } from 'vitest'
import { testDatabase } from '../db/testing.ts'
import { keepingLastAdmin } from './last-admin.ts'

async function withAdmin(passwordHash: string) {
  const { db } = await testDatabase()
  await db
    .insertInto('user')
    .values({
      ...{ id: 'u_anna', username: 'anna', password_hash: passwordHash, role: 'admin', disabled: 0 },
      ...{ created_at: 0, email: null, password_changed_at: 0 },
    })
    .execute()
  await db
    .insertInto('passkey')
    .values({
      ...{
        id: 'k',
        credential_id: 'k',
        rp_id: 'panel.example.com',
        user_id: 'u_anna',
        name: 'Phone',
        public_key: '',
        counter: 0,
        transports: '[]',
      },
      ...{ backed_up: 0, created_at: 0, last_used_at: null },
    })
    .execute()
  const removal = () =>
    db
      .transaction()
      .execute((trx) =>
        keepingLastAdmin(trx, 'u_anna', () => trx.deleteFrom('passkey').where('id', '=', 'k').execute()),
      )
  const left = async () => (await db.selectFrom('passkey').selectAll().execute()).length
  return { removal, left }
}

test('the passkey that is the only way into the panel stays', async () => {
  const { removal, left } = await withAdmin('')
  await expect(removal()).rejects.toThrow('the only way into the panel')
  expect(await left()).toBe(1)
})

test('with a password beside it, it goes', async () => {
  const { removal, left } = await withAdmin('$2b$12$x')
  await removal()
  expect(await left()).toBe(0)
})
