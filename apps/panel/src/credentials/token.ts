import { randomBytes } from 'node:crypto'

/** What every credential of apps begins with, by which the edge tells it from an app's own. */
export const PREFIX = 'argos_'
const API_PREFIX = `${PREFIX}api_`

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** 130 random bits in letters that are typed easily, on a television too. */
const secret = (): string => Array.from(randomBytes(26), (byte) => letters[byte & 31]).join('')

export const newAppPassword = (): string => `${PREFIX}${secret()}`
export const newApiToken = (): string => `${API_PREFIX}${secret()}`
export const looksLikeApiToken = (text: string): boolean =>
  text.startsWith(API_PREFIX) && /^[a-z2-7]{26}$/.test(text.slice(API_PREFIX.length))
