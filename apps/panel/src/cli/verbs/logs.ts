import { join } from 'node:path'
import { follow, lastLines } from '../run/follow.ts'
import { readable } from '../run/readable.ts'
import { exitCode, Refusal, verb } from '../verb.ts'

const files = {
  panel: 'panel.log',
  edge: 'edge.log',
  access: 'access.log',
  launcher: 'launcher.log',
} as const
type Name = keyof typeof files
const isName = (word: string): word is Name => word in files

export default verb({
  summary: 'Show the logs of panel and edge',
  usage: 'logs [panel|edge|access|launcher] [-f] [-n LINES] [--json]',
  options: {
    follow: { type: 'boolean', short: 'f' },
    lines: { type: 'string', short: 'n', default: '50' },
    json: { type: 'boolean' },
  },
  words: {
    follow: 'Go on showing what is added, until Ctrl-C',
    lines: 'How many of the last lines (50)',
    json: 'The lines as they stand in the file',
  },
  positionals: 1,
  async run(context, { follow: following = false, lines = '50', json = false }, [word]) {
    if (word !== undefined && !isName(word)) {
      throw new Refusal(
        `There is no log \`${word}\`.`,
        `There are: ${Object.keys(files).join(', ')}.`,
        exitCode.usage,
      )
    }
    if (!/^\d{1,6}$/.test(lines)) throw new Refusal('-n takes a number of lines.', undefined, exitCode.usage)
    const names: readonly Name[] = word ? [word] : ['panel', 'edge']
    const { logDir } = context.layout()
    const show = (name: Name) => (line: string) =>
      context.say(json ? line : readable(line, names.length > 1 ? name : undefined))
    for (const name of names) lastLines(join(logDir, files[name]), Number(lines)).forEach(show(name))
    if (following) await Promise.all(names.map((name) => follow(join(logDir, files[name]), show(name))))
  },
})
