import { type Group, isGroup, type Verb } from '../verb.ts'

export interface Flag {
  readonly name: string
  readonly short: string | undefined
  readonly takesValue: boolean
  readonly words: string
}
export interface Entry {
  readonly name: string
  readonly words: string
  readonly flags: readonly Flag[]
  /** Of a verb that is several. */
  readonly actions: readonly Entry[]
}

/** What can be typed, as the shells need it. */
export const entriesOf = (verbs: readonly (readonly [string, Verb | Group])[]): Entry[] =>
  verbs.map(([name, verb]) =>
    isGroup(verb)
      ? { name, words: verb.summary, flags: [], actions: entriesOf(Object.entries(verb.actions)) }
      : { name, words: verb.summary, flags: flagsOf(verb), actions: [] },
  )

/** Only those that help tells about. */
const flagsOf = (verb: Verb): Flag[] =>
  Object.entries(verb.options ?? {}).flatMap(([name, { type, short }]) => {
    const words = verb.words?.[name]
    return words === undefined ? [] : [{ name, short, takesValue: type === 'string', words }]
  })
