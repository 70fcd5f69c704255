import type { Group } from './verb.ts'

/** What `argos help host` shows: one line for each action. */
export function helpGroup(name: string, { summary, details, actions }: Group): string {
  const rows = Object.entries(actions)
  const width = Math.max(...rows.map(([action]) => action.length))
  return [
    `${summary}.`,
    '',
    ...rows.map(([action, verb]) => `  ${name} ${action.padEnd(width)}  ${verb.summary}`),
    '',
    ...rows.map(([, verb]) => `  ./argos ${verb.usage}`),
    ...(details === undefined ? [] : ['', details]),
    '',
    `More about one: ./argos help ${name} ${rows[0]?.[0] ?? ''}`,
  ].join('\n')
}
