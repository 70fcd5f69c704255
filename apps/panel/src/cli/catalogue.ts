import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Group, Verb } from './verb.ts'

const folder = join(import.meta.dirname, 'verbs')

/** One file in `verbs/`, one verb. */
export const verbNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .sort()

/** Loads one verb; the others' code stays unread, so that `status` starts as fast as Node does. */
export const loadVerb = async (name: string): Promise<Verb | Group> =>
  ((await import(join(folder, `${name}.ts`))) as { default: Verb | Group }).default

export const allVerbs = (): Promise<(readonly [string, Verb | Group])[]> =>
  Promise.all(verbNames.map(async (name) => [name, await loadVerb(name)] as const))
