import type { Pool } from '@argos/contract'
import type { Light } from '../../lib/host.ts'
import { list, Things } from '../../lib/words.ts'

type Target = Pool['targets'][number]
type Checked = Pick<Pool, 'targets' | 'health'>

/** `192.0.2.31:2283`, IPv6 in brackets: what could be pasted. */
export const dialOf = ({ address, port }: Pick<Target, 'address' | 'port'>): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`

/** What is known about one target. Nothing is well that was not measured. */
export function targetLight(target: Target, check: Pool['health']): Light {
  if (!target.enabled) return { state: 'off', words: 'off' }
  if (check.kind === 'off') return { state: 'unknown', words: 'not checked' }
  switch (target.health?.state) {
    case 'up':
      return { state: 'ok', words: 'answers' }
    case 'down':
      return { state: 'bad', words: 'does not answer' }
    default:
      return { state: 'unknown', words: 'not asked yet' }
  }
}

/** A pool's one state: bad when no target answers, a warning when some do not. */
export function poolLight({ targets, health }: Checked): Light {
  const on = targets.filter((target) => target.enabled)
  if (on.length === 0) return { state: 'off', words: 'all targets are off' }
  if (health.kind === 'off') return { state: 'unknown', words: 'not checked' }
  const states = on.map((target) => target.health?.state)
  const up = states.filter((state) => state === 'up').length
  const down = states.filter((state) => state === 'down').length
  if (down === on.length) return { state: 'bad', words: on.length === 1 ? 'does not answer' : 'none answers' }
  const words = on.length === 1 ? 'answers' : `${up} of ${on.length} answer`
  if (down > 0) return { state: 'warn', words }
  if (up < on.length) return { state: 'unknown', words: up === 0 ? 'not asked yet' : words }
  return { state: 'ok', words }
}

/** The list's first sentence. */
export function poolsLead(pools: readonly Pool[]): string {
  const of = (state: Light['state']) => pools.filter((pool) => poolLight(pool).state === state)
  const bad = of('bad')
  const warn = of('warn')
  const names = (some: readonly Pool[]) => list(some.slice(0, 3).map((pool) => pool.name))
  const more = (some: readonly Pool[]) => (some.length > 3 ? ` and ${some.length - 3} more` : '')
  const parts = [
    bad.length === 0
      ? ''
      : `${Things(bad.length, 'pool does', 'pools do')} not answer: ${names(bad)}${more(bad)}.`,
    warn.length === 0
      ? ''
      : `${Things(warn.length, 'answers', 'answer')} in part: ${names(warn)}${more(warn)}.`,
  ].filter(Boolean)
  if (parts.length > 0) return parts.join(' ')
  const well = of('ok').length
  if (well === 0) return 'No pool has been checked yet.'
  return well === pools.length ? 'All targets answer.' : `All targets that were asked answer.`
}

/** "connects every 15 s", "GET /ping every 10 s, at most 5 s", "off". */
export function checkWords({ kind, path, intervalS, timeoutS }: Pool['health']): string {
  if (kind === 'off') return 'off: nobody notices when a target stops'
  const what = kind === 'tcp' ? 'connects' : `GET ${path}`
  return `${what} every ${intervalS} s, waits at most ${timeoutS} s`
}

/** The part of the requests a target gets while all answer, in per cent. */
export function shareOf(target: Target, targets: readonly Target[]): number {
  const total = targets.filter((t) => t.enabled).reduce((sum, t) => sum + t.weight, 0)
  return target.enabled && total > 0 ? Math.round((target.weight / total) * 100) : 0
}
