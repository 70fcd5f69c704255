import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { contextOf, projectRoot } from './context.ts'
import { help, helpAll } from './help.ts'
import { type Context, exitCode, Refusal, type Verb } from './verb.ts'

const folder = join(import.meta.dirname, 'verbs')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .sort()

/** Loads one verb; the others' code stays unread, so that `status` starts as fast as Node does. */
const load = async (name: string): Promise<Verb> =>
  ((await import(join(folder, `${name}.ts`))) as { default: Verb }).default

async function dispatch(context: Context, [name = 'help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return dispatch(context, ['version'])
  const asked = name === 'help' || name === '--help' || name === '-h' ? args[0] : name
  if (asked !== undefined && !names.includes(asked)) {
    throw new Refusal(`There is no verb \`${asked}\`.`, '`./argos help` lists them.', exitCode.usage)
  }
  if (asked === undefined) {
    const verbs = await Promise.all(names.map(async (n) => [n, await load(n)] as const))
    context.say(helpAll(verbs))
    return exitCode.ok
  }
  const verb = await load(asked)
  if (asked !== name || args.includes('--help') || args.includes('-h')) {
    context.say(help(verb))
    return exitCode.ok
  }
  const { values, positionals } = parse(verb, args)
  return (await verb.run(context, values, positionals)) ?? exitCode.ok
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
