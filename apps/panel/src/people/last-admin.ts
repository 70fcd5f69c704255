import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { peopleStore } from './people.store.ts'

/** Whether nobody could get into the panel any more without this account, should single sign-on be off. */
export async function isLastAdmin(db: Kysely<DB>, userId: string): Promise<boolean> {
  const store = peopleStore(db)
  return (await store.isLocalAdmin(userId)) && (await store.otherLocalAdmins(userId)) === 0
}

/** Does what may take away a way in; undone with a refusal when nobody could get into the panel any more. */
export async function keepingLastAdmin<T>(db: Kysely<DB>, userId: string, act: () => Promise<T>): Promise<T> {
  const wasLast = await isLastAdmin(db, userId)
  const done = await act()
  if (wasLast && !(await peopleStore(db).isLocalAdmin(userId)))
    throw new AppError(
      'conflict',
      'This is the only way into the panel without single sign-on. Set a password first, or make another administrator.',
    )
  return done
}

export async function refuseLastAdmin(db: Kysely<DB>, userId: string, what: string): Promise<void> {
  if (!(await isLastAdmin(db, userId))) return
  throw new AppError(
    'conflict',
    `This is the only administrator who can sign in without single sign-on, and cannot be ${what}. Make another one first.`,
  )
}
