/** A column that holds envelopes, and what the row is called that is sealed in with each. */
export interface SealedColumn {
  readonly table: 'totp' | 'recovery_code' | 'session' | 'sealed'
  readonly column: string
  /** SQL for the primary key's columns, and what `Place.row` is made of. */
  readonly key: readonly string[]
  readonly rowOf: (key: readonly (string | number)[]) => string
}

const joined = (key: readonly (string | number)[]): string => key.join(':')

/** Every column with envelopes. A test looks for envelopes anywhere else in the database. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'totp', column: 'secret', key: ['user_id'], rowOf: joined },
  { table: 'recovery_code', column: 'hash', key: ['user_id', 'position'], rowOf: joined },
  // Under the person: it is sealed before there is a session, which a second factor may still stand before.
  { table: 'session', column: 'oidc_id_token', key: ['id', 'user_id'], rowOf: ([, user]) => String(user) },
  { table: 'sealed', column: 'envelope', key: ['name'], rowOf: joined },
]
