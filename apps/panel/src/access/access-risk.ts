import type { HostInput, Names, PolicyInput, Rules } from '@argos/contract'
import type { ChangedObject } from '../changes/objects.ts'
import { listed } from '../words.ts'
import { rulesIn } from './access-words.ts'
import type { PoliciesAround } from './around.ts'
import { compared, letsNobodyIn, type Reach, reachOf } from './reach.ts'

/** Whom a change lets in or keeps out of hosts that are published, as reasons to look twice. */
export function accessRisks(objects: readonly ChangedObject[], around: PoliciesAround): string[] {
  const wider: string[] = []
  const narrower: string[] = []
  const shut: string[] = []
  const look = (name: string, was: Reach | null, is: Reach) => {
    const closed = nobodyIn(is.whole, around.after.names)
    if (closed && !(was && nobodyIn(was.whole, around.before.names))) shut.push(name)
    if (was === null) return
    const moved = compared(was, is)
    if (moved.wider) wider.push(name)
    if (moved.narrower && !closed) narrower.push(name)
  }
  for (const { kind, name, before, after } of objects) {
    const [was, is] = [before as HostInput | null, after as HostInput | null]
    if (kind !== 'host' || !is?.enabled) continue
    // One that was paused or is new was open to nobody; its own words say to whom it is now.
    const former = was?.enabled ? reachOf(was.access, rulesIn(around.before)) : null
    look(name, former, reachOf(is.access, rulesIn(around.after)))
  }
  const told = new Set(objects.flatMap((o) => (o.kind === 'host' ? [o.id] : [])))
  for (const { kind, id, before, after } of objects) {
    if (kind !== 'policy' || before === null || after === null) continue
    const reach = (policy: unknown): Reach => ({ whole: (policy as PolicyInput).rules, paths: [] })
    for (const user of around.users(id))
      if (user.enabled && !told.has(user.id)) look(user.name, reach(before), reach(after))
  }
  return [
    ...said(wider, (names) => `More people get into ${names} than now.`),
    ...said(narrower, (names) => `Some who get into ${names} now do not any more.`),
    ...said(shut, (names) => `Nobody gets into ${names} afterwards.`),
  ]
}

const said = (names: readonly string[], say: (names: string) => string): string[] =>
  names.length === 0 ? [] : [say(listed([...new Set(names)]))]

const nobodyIn = (rules: Rules, names: Names): boolean =>
  letsNobodyIn(rules, (kind, id) => names[kind][id] === undefined)
