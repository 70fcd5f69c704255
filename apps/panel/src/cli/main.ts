import { type ParseArgsConfig, parseArgs } from 'node:util'
import { allVerbs, loadVerb, verbNames } from './catalogue.ts'
import { contextOf, projectRoot } from './context.ts'
import { help, helpAll } from './help.ts'
import { helpGroup } from './help-group.ts'
import { type Context, exitCode, type Group, isGroup, Refusal, type Verb } from './verb.ts'

async function dispatch(context: Context, [name = 'help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return dispatch(context, ['version'])
  const asked = name === 'help' || name === '--help' || name === '-h' ? args[0] : name
  if (asked !== undefined && !verbNames.includes(asked)) {
    throw new Refusal(`There is no verb \`${asked}\`.`, '`./argos help` lists them.', exitCode.usage)
  }
  if (asked === undefined) {
    context.say(helpAll(await allVerbs()))
    return exitCode.ok
  }
  const loaded = await loadVerb(asked)
  const wantsHelp = asked !== name || args.includes('--help') || args.includes('-h')
  const words = asked !== name ? args.slice(1) : args
  if (isGroup(loaded) && wantsHelp && !Object.hasOwn(loaded.actions, words[0] ?? '')) {
    context.say(helpGroup(asked, loaded))
    return exitCode.ok
  }
  const verb = isGroup(loaded) ? actionOf(asked, loaded, words[0]) : loaded
  if (wantsHelp) {
    context.say(help(verb))
    return exitCode.ok
  }
  const { values, positionals } = parse(verb, isGroup(loaded) ? words.slice(1) : words)
  return (await verb.run(context, values, positionals)) ?? exitCode.ok
}

function actionOf(name: string, { actions }: Group, word: string | undefined): Verb {
  const action = Object.hasOwn(actions, word ?? '') ? actions[word ?? ''] : undefined
  if (action) return action
  const choices = Object.keys(actions).join(', ')
  const what =
    word === undefined || word.startsWith('-')
      ? `What about \`${name}\`?`
      : `There is no \`${name} ${word}\`.`
  throw new Refusal(what, `There are: ${choices}. \`./argos help ${name}\` tells about them.`, exitCode.usage)
}

function parse(verb: Verb, args: readonly string[]) {
  const config = {
    args: [...args],
    options: verb.options ?? {},
    allowPositionals: true,
  } satisfies ParseArgsConfig
  let parsed: ReturnType<typeof parseArgs<typeof config>>
  try {
    parsed = parseArgs(config)
  } catch (err) {
    throw new Refusal((err as Error).message, `Usage: ./argos ${verb.usage}`, exitCode.usage)
  }
  if (parsed.positionals.length > (verb.positionals ?? 0)) {
    const extra = parsed.positionals[verb.positionals ?? 0]
    throw new Refusal(`\`${extra}\` is one word too many.`, `Usage: ./argos ${verb.usage}`, exitCode.usage)
  }
  return parsed as { values: Record<string, never>; positionals: string[] }
}

/** What stands on the console when a verb ends badly. Bugs show their stack; everything else one or two lines. */
function report(err: unknown): number {
  // A background launcher's parent shows it on the console; the log keeps it too.
  const write = (line: string) => {
    process.stderr.write(`${line}\n`)
    if (process.connected) process.send?.({ line })
  }
  if (err instanceof Refusal) {
    write(`argos: ${err.message}`)
    if (err.remedy !== undefined) write(`       ${err.remedy}`)
    return err.exitCode
  }
  if (err instanceof Error && err.name === 'ConfigError') {
    write(`argos: ${err.message}`)
    return exitCode.config
  }
  write(err instanceof Error ? (err.stack ?? err.message) : String(err))
  return exitCode.failed
}

// Paths in `.env` and in the environment are relative to the project's folder, wherever the command is typed.
process.chdir(projectRoot)
// A reader that closes early, as `| head` does, is no failure.
process.stdout.on('error', (err: NodeJS.ErrnoException) => {
  if (err.code === 'EPIPE') process.exit(exitCode.ok)
})
try {
  process.exitCode = await dispatch(contextOf(process.env), process.argv.slice(2))
} catch (err) {
  process.exitCode = report(err)
}
