import type { Migration } from 'kysely/migration'
import * as skeleton from './0001-skeleton.ts'
import * as touched from './0002-touched.ts'
import * as changes from './0003-changes.ts'
import * as identity from './0004-identity.ts'

/** In order of their names. A released one is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-skeleton': skeleton,
  '0002-touched': touched,
  '0003-changes': changes,
  '0004-identity': identity,
}
