import { randomBytes } from 'node:crypto'

/** A new id that nobody can guess: `h_`, `p_` or `u_` and 80 random bits. */
export const newId = (prefix: 'h' | 'p' | 'u'): string => `${prefix}_${randomBytes(10).toString('hex')}`
