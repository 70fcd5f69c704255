import { randomBytes } from 'node:crypto'

/** A new id that nobody can guess: `h_`, `p_`, `u_`, `c_` (a change that waits) and 80 random bits. */
export const newId = (prefix: 'h' | 'p' | 'u' | 'c'): string => `${prefix}_${randomBytes(10).toString('hex')}`
