import type { Verb } from './verb.ts'

const column = (left: string, right: string, width: number): string => `  ${left.padEnd(width)}  ${right}`

/** The list of all verbs, with those that live in the launcher. */
export function helpAll(verbs: readonly (readonly [string, Pick<Verb, 'summary'>])[]): string {
  const rows = [
    ...verbs.map(([name, verb]) => [name, verb.summary] as const),
    ['bench', 'Measure speed and memory beside stock Caddy; docs/performance.md explains'] as const,
    ['build', 'Build the edge and the pages without starting anything'] as const,
    ['test', 'Run every test; `./argos test unit edge` runs some stages'] as const,
  ].sort(([a], [b]) => a.localeCompare(b))
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    'Argos, the front door of a homelab.',
    '',
    'Usage: ./argos <verb> [options]',
    '',
    ...rows.map(([name, summary]) => column(name, summary, width)),
    '',
    'More about one: ./argos help <verb>',
  ].join('\n')
}

export function help(verb: Verb): string {
  const options = Object.entries(verb.options ?? {})
    .filter(([name]) => verb.words?.[name] !== undefined)
    .map(
      ([name, { short }]) =>
        [short ? `-${short}, --${name}` : `--${name}`, verb.words?.[name] ?? ''] as const,
    )
  const width = Math.max(0, ...options.map(([left]) => left.length))
  return [
    `${verb.summary}.`,
    '',
    `Usage: ./argos ${verb.usage}`,
    ...(options.length > 0 ? ['', ...options.map(([left, right]) => column(left, right, width))] : []),
    ...(verb.details === undefined ? [] : ['', verb.details]),
  ].join('\n')
}
