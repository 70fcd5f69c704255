import type { AuditEntry } from '@argos/contract'

export type Actor = AuditEntry['actor']

/** Who did it, at the start of a sentence. `me` is the name of the person reading. */
export function who(actor: Actor, me: string): string {
  switch (actor.kind) {
    case 'user':
      return actor.name === me ? 'You' : actor.name
    case 'cli':
      return 'The command line'
    case 'system':
      return 'Argos'
  }
}

/** Who stands behind it when that says more: the account a command ran under. */
export function whoExactly(actor: Actor): string {
  if (actor.kind === 'user') return actor.name
  return actor.kind === 'cli' ? `${actor.name}, on the machine` : 'Argos itself'
}

/** "Published app.example" → "published app.example"; "ACME" and "TLS" stay as they are. */
export const afterWho = (words: string): string =>
  /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words

export interface Sentence {
  /** Empty when the words are a whole sentence of their own. */
  readonly who: string
  readonly does: string
}

/**
 * "Published app.example" by noor → "You" and "published app.example". Words in the third person ("Trusts no proxies")
 * keep the name, as "You trusts" is none; words with a subject of their own ("The edge did not …") stand alone.
 */
export function sentence(actor: Actor, words: string, me: string): Sentence {
  const said = words.replace(/\.$/, '')
  if (/^(The|Its|It) /.test(said)) return { who: '', does: said }
  const does = afterWho(said)
  const name = who(actor, me)
  return { who: name === 'You' && /^\p{L}+s(?!\p{L})/u.test(does) ? actor.name : name, does }
}
