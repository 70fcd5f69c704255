import { allVerbs } from '../catalogue.ts'
import { completion, shells } from '../completion/shells.ts'
import { entriesOf } from '../completion/tree.ts'
import { needed, oneOf } from '../pairs.ts'
import { exitCode, type Verb, verb } from '../verb.ts'

const usage = 'completion bash|zsh|fish'
/** Verbs of the launcher itself, in the order of the alphabet. */
const ofLauncher = [
  ['bench', 'Measure speed and memory'],
  ['build', 'Build the edge and the pages'],
  ['test', 'Run every test'],
] as const
const withoutOptions = (summary: string): Verb => ({ summary, usage: '', run: () => exitCode.ok })

export default verb({
  summary: 'Print a script that completes verbs and options in a shell',
  usage,
  details: 'For bash: source <(./argos completion bash). docs/cli.md has the others.',
  positionals: 1,
  async run(context, _, [word]) {
    const shell = oneOf('completion', needed(word, 'The name of a shell', usage), shells)
    const launcher = ofLauncher.map(([name, summary]) => [name, withoutOptions(summary)] as const)
    const verbs = [...(await allVerbs()), ...launcher].sort(([a], [b]) => a.localeCompare(b))
    context.say(completion(shell, entriesOf(verbs)))
    return exitCode.ok
  },
})
