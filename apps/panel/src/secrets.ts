import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { subkey } from '@argos/secretbox'
import type { Kysely } from 'kysely'
import type { DB } from './db/schema.ts'

/** 256 random bits, as they stand in cookies and links. */
export const newToken = (): string => randomBytes(32).toString('base64url')
export const looksLikeToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)
/** What is stored of a token: who reads the database cannot use it. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}

/** Shown to tell keys apart; the recovery sheet has the same. */
export const keyFingerprint = (masterKey: Buffer): string =>
  createHash('sha256').update(masterKey).digest('hex').slice(0, 16)

const KEY_CHECK = 'key_check'
export const keyCheckOf = (masterKey: Buffer): string =>
  createHmac('sha256', subkey(masterKey, 'key check')).update('argos.db').digest('hex')

/** Whether this is the key the database was made with: `new` before the first start. */
export async function checkKey(db: Kysely<DB>, masterKey: Buffer): Promise<'new' | 'same' | 'different'> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY_CHECK).executeTakeFirst()
  if (row === undefined) return 'new'
  return sameText(row.value, keyCheckOf(masterKey)) ? 'same' : 'different'
}

/** From now on this is the key of the database. */
export async function rememberKey(db: Kysely<DB>, masterKey: Buffer): Promise<void> {
  const value = keyCheckOf(masterKey)
  await db
    .insertInto('meta')
    .values({ key: KEY_CHECK, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
}
