import { randomBytes } from 'node:crypto'

/** What an id begins with says what it names. */
export const idPrefixes = {
  host: 'h',
  pool: 'p',
  user: 'u',
  /** A change that waits. */
  pending: 'c',
  view: 'v',
  session: 's',
  passkey: 'k',
  group: 'g',
  invitation: 'i',
  policy: 'o',
  appPassword: 'a',
  guestLink: 'l',
  apiToken: 't',
} as const
export type IdPrefix = (typeof idPrefixes)[keyof typeof idPrefixes]

/** A new id that nobody can guess: a letter that says what it names, and 80 random bits. */
export const newId = (prefix: IdPrefix): string => `${prefix}_${randomBytes(10).toString('hex')}`
