import type { ParseArgsConfig } from 'node:util'
import type { Config } from '../config.ts'

/** What a verb may reach: the project's folder, the environment (with `.env` merged in) and the console. */
export interface Context {
  readonly root: string
  readonly env: Environment
  /** Path of the `.env` file, whether it exists or not. */
  readonly envFile: string
  say(line?: string): void
  /** The checked configuration; throws what `loadConfig` throws. Read anew on each call. */
  config(): Config
  /** The pages, database and sockets of this folder, even before a master key exists or when it is malformed. */
  layout(): Config
}
export type Environment = Readonly<Record<string, string | undefined>>

export type Options = NonNullable<ParseArgsConfig['options']>
type Value<O extends Options[string]> = O['type'] extends 'boolean'
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : string
export type Values<O extends Options> = { readonly [K in keyof O]?: Value<O[K]> }

export interface Verb<O extends Options = Options> {
  /** One line for `argos help`. */
  readonly summary: string
  /** What stands after `argos`, as in `logs [panel|edge|access] [-f]`. */
  readonly usage: string
  /** Paragraphs for `argos <verb> --help`, after the options. */
  readonly details?: string
  readonly options?: O
  /** Words of an option for `--help`, by its name. */
  readonly words?: { readonly [K in keyof O]?: string }
  /** How many words may follow the verb; 0 unless told. */
  readonly positionals?: number
  /** Resolves to the exit code; nothing means 0. */
  run(
    context: Context,
    values: Values<O>,
    positionals: readonly string[],
  ): Promise<number | undefined> | number
}

/** A verb that is several, as `host` is `host list`, `host add` and so on. */
export interface Group {
  readonly summary: string
  readonly details?: string
  readonly actions: Readonly<Record<string, Verb>>
}
export const group = (g: Group): Group => g
export const isGroup = (v: Verb | Group): v is Group => 'actions' in v

/** Gives a verb's `run` the types of its own options. One file in `verbs/` with `export default verb({…})` is a verb. */
export const verb = <const O extends Options>(v: Verb<O>): Verb<O> => v

/** `docs/cli.md` tells what each means to a script. */
export const exitCode = { ok: 0, failed: 1, usage: 2, notFound: 3, refused: 4, config: 78 } as const

/** Ends a verb with one line for what is wrong and one for what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly remedy: string | undefined
  readonly exitCode: number
  constructor(message: string, remedy?: string, code: number = exitCode.failed) {
    super(message)
    this.remedy = remedy
    this.exitCode = code
  }
}
