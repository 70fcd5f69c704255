import type { AuditEntry } from '@argos/contract'

type Actor = AuditEntry['actor']

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
export const whoExactly = (actor: Actor): string =>
  actor.kind === 'cli'
    ? `${actor.name} on the machine`
    : actor.kind === 'system'
      ? `Argos, ${actor.name}`
      : actor.name

/** "Published app.example" → "published app.example"; "ACME" and "TLS" stay as they are. */
export const afterWho = (words: string): string =>
  /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words
