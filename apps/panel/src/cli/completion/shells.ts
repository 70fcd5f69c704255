// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shells' own
import type { Entry, Flag } from './tree.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

const namesOf = (entries: readonly Entry[]): string => entries.map(({ name }) => name).join(' ')
const flagNames = (flags: readonly Flag[]): string => flags.map(({ name }) => `--${name}`).join(' ')

/** `case` arms of one verb: its actions as the second word, the flags of each after that. */
function arms(
  entries: readonly Entry[],
  { second, offer }: { second: string; offer: (words: string) => string },
) {
  return entries.flatMap(({ name, flags, actions }) => {
    if (actions.length === 0) return flags.length === 0 ? [] : [`    ${name}) ${offer(flagNames(flags))} ;;`]
    return [
      `    ${name})`,
      `      case "$action" in`,
      ...actions
        .filter((action) => action.flags.length > 0)
        .map((action) => `        ${action.name}) ${offer(flagNames(action.flags))} ;;`),
      `        *) [ ${second} ] && ${offer(namesOf(actions))} ;;`,
      '      esac ;;',
    ]
  })
}

const bash = (entries: readonly Entry[]): string[] => [
  '# Argos for bash: source <(./argos completion bash)',
  '_argos() {',
  '  local words= verb=${COMP_WORDS[1]-} action=',
  '  [ "$COMP_CWORD" -gt 2 ] && action=${COMP_WORDS[2]}',
  `  [ "$COMP_CWORD" -eq 1 ] && words='${namesOf(entries)} help'`,
  '  [ "$COMP_CWORD" -gt 1 ] && case "$verb" in',
  ...arms(entries, { second: '"$COMP_CWORD" -eq 2', offer: (words) => `words='${words}'` }),
  `    help) [ "$COMP_CWORD" -eq 2 ] && words='${namesOf(entries)}' ;;`,
  '  esac',
  '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
  '}',
  'complete -F _argos argos',
]

const zsh = (entries: readonly Entry[]): string[] => [
  '#compdef argos',
  '# Argos for zsh: source <(./argos completion zsh)',
  '_argos() {',
  '  local verb=${words[2]-} action=',
  '  (( CURRENT > 3 )) && action=${words[3]}',
  `  if (( CURRENT == 2 )); then compadd -- ${namesOf(entries)} help; return; fi`,
  '  case "$verb" in',
  ...arms(entries, { second: '"$CURRENT" -eq 3', offer: (words) => `compadd -- ${words}` }),
  `    help) [ "$CURRENT" -eq 3 ] && compadd -- ${namesOf(entries)} ;;`,
  '  esac',
  '}',
  'compdef _argos argos',
]

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`

function fish(entries: readonly Entry[]): string[] {
  const line = (condition: string, rest: string, words: string) =>
    `complete -c argos -n ${quoted(condition)} ${rest} -d ${quoted(words)}`
  const flagLines = (condition: string, flags: readonly Flag[]) =>
    flags.map(({ name, short, takesValue, words }) =>
      line(condition, `-l ${name}${short ? ` -s ${short}` : ''}${takesValue ? ' -r' : ''}`, words),
    )
  return [
    '# Argos for fish: ./argos completion fish | source',
    'complete -c argos -f',
    ...entries.flatMap(({ name, words, flags, actions }) => {
      const seen = `__fish_seen_subcommand_from ${name}`
      return [
        line('__fish_use_subcommand', `-a ${name}`, words),
        ...flagLines(seen, flags),
        ...actions.flatMap((action) => [
          line(
            `${seen}; and not __fish_seen_subcommand_from ${namesOf(actions)}`,
            `-a ${action.name}`,
            action.words,
          ),
          ...flagLines(`${seen}; and __fish_seen_subcommand_from ${action.name}`, action.flags),
        ]),
      ]
    }),
    line('__fish_use_subcommand', '-a help', 'Tell about a verb'),
    line('__fish_seen_subcommand_from help', `-a ${quoted(namesOf(entries))}`, 'A verb'),
  ]
}

const scripts = { bash, zsh, fish }

/** The script that a shell reads. It asks nothing when a word is completed. */
export const completion = (shell: Shell, entries: readonly Entry[]): string =>
  scripts[shell](entries).join('\n')
