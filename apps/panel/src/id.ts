import { randomBytes } from 'node:crypto'

/** A new id that nobody can guess: `h_`, `p_`, `u_`, `c_` (a change that waits), `v_` (a saved view) and 80 random bits. */
export const newId = (prefix: 'h' | 'p' | 'u' | 'c' | 'v'): string =>
  `${prefix}_${randomBytes(10).toString('hex')}`
