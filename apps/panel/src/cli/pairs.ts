import { exitCode, Refusal } from './verb.ts'

/** `key=value` words, each key once; throws for a key that is not in `keys`. */
export function pairsOf<K extends string>(
  words: readonly string[],
  keys: readonly K[],
  usage: string,
): Partial<Record<K, string>> {
  const known = `There are: ${keys.join(', ')}.`
  if (words.length === 0) throw wrong('Nothing to set: name at least one key=value.', known)
  const pairs: Partial<Record<K, string>> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    if (at < 1) throw wrong(`\`${word}\` is no key=value.`, `Usage: ./argos ${usage}`)
    const key = keys.find((k) => k === word.slice(0, at))
    if (key === undefined) throw wrong(`There is no key \`${word.slice(0, at)}\`.`, known)
    if (pairs[key] !== undefined) throw wrong(`\`${key}\` stands here twice.`, 'Name it once.')
    pairs[key] = word.slice(at + 1)
  }
  return pairs
}

/** `a, b` as two; nothing as none. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

export function yesOrNo(key: string, text: string): boolean {
  if (['yes', 'true', 'on', '1'].includes(text.toLowerCase())) return true
  if (['no', 'false', 'off', '0'].includes(text.toLowerCase())) return false
  throw wrong(`${key} is yes or no, not \`${text}\`.`)
}

export function oneOf<T extends string>(key: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((c) => c === text)
  if (choice === undefined)
    throw wrong(`${key} has no choice \`${text}\`.`, `There are: ${choices.join(', ')}.`)
  return choice
}

export function wholeNumber(key: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw wrong(`${key} takes a number, not \`${text}\`.`)
}

/** The word that has to be there. */
export function needed(word: string | undefined, what: string, usage: string): string {
  if (word !== undefined && word !== '') return word
  throw wrong(`${what} is missing.`, `Usage: ./argos ${usage}`)
}

const wrong = (message: string, remedy?: string) => new Refusal(message, remedy, exitCode.usage)
