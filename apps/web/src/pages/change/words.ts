import type { Host, HostInput, Intent, Preview } from '@argos/contract'
import { shortName } from '../../lib/host.ts'
import { things } from '../../lib/words.ts'

/** The first thing an intent names, as people call it. */
const named = (preview: Preview | undefined): string | undefined => preview?.objects[0]?.name

/** A question when something goes, else what is done. */
export function titleOf(intent: Intent, preview: Preview | undefined): string {
  const name = named(preview)
  switch (intent.kind) {
    case 'hostCreate':
      return `Publish ${intent.host.domains[0] ?? name ?? 'a host'}`
    case 'hostUpdate':
      return `Change ${intent.host.domains[0] ?? name ?? 'a host'}`
    case 'hostDelete':
      return `Delete ${name ?? 'this host'}?`
    case 'hostBulk':
      return bulkTitle(intent, name)
    case 'poolUpdate':
      return `Change the pool ${intent.pool.name}`
    case 'poolDelete':
      return `Delete ${name ?? 'this pool'}?`
    case 'policyCreate':
      return `Add the policy ${intent.policy.name}`
    case 'policyUpdate':
      return `Change the policy ${intent.policy.name}`
    case 'policyDelete':
      return `Delete ${name ?? 'this policy'}?`
    case 'settingsUpdate':
      return 'Change the settings'
    case 'undo':
      return 'Undo a change'
    case 'restore':
      return `Go back to r${intent.revision}`
  }
}

type Bulk = Extract<Intent, { kind: 'hostBulk' }>
const bulkVerb: Record<Bulk['action']['kind'], string> = {
  enable: 'Resume',
  disable: 'Pause',
  delete: 'Delete',
  tag: 'Tag',
}
function bulkTitle({ ids, action }: Bulk, name: string | undefined): string {
  const what = ids.length === 1 ? (name ?? 'this host') : things(ids.length, 'host')
  return `${bulkVerb[action.kind]} ${what}${action.kind === 'tag' ? '' : '?'}`
}

/** The word on the main button: what happens when it is pressed. */
function verbOf(intent: Intent): string {
  switch (intent.kind) {
    case 'hostDelete':
    case 'poolDelete':
    case 'policyDelete':
      return 'Delete'
    case 'hostBulk':
      return bulkVerb[intent.action.kind]
    case 'undo':
      return 'Undo it'
    case 'restore':
      return `Go back to r${intent.revision}`
    case 'hostCreate':
      return 'Publish'
    default:
      return 'Apply'
  }
}

export const buttonWords = (intent: Intent, confirmS: number | null): string =>
  confirmS === null ? verbOf(intent) : `${verbOf(intent)}, then ${secondsWords(confirmS)} to confirm`

export const secondsWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${seconds / 60} min`

/** What a toast says once it is done. */
export function doneWords(intent: Intent, preview: Preview | undefined): string {
  const name = named(preview)
  switch (intent.kind) {
    case 'hostDelete':
    case 'poolDelete':
    case 'policyDelete':
      return `Deleted ${name ?? 'it'}`
    case 'hostBulk': {
      const done = { enable: 'Resumed', disable: 'Paused', delete: 'Deleted', tag: 'Tagged' }
      const what = intent.ids.length === 1 ? (name ?? 'it') : things(intent.ids.length, 'host')
      return `${done[intent.action.kind]} ${what}`
    }
    case 'undo':
      return 'Undone'
    case 'restore':
      return `Back to r${intent.revision}`
    default:
      return 'Saved'
  }
}

export const deletes = (intent: Intent): boolean =>
  intent.kind === 'hostDelete' ||
  intent.kind === 'poolDelete' ||
  intent.kind === 'policyDelete' ||
  (intent.kind === 'hostBulk' && intent.action.kind === 'delete')

/** What must be typed before something goes; null when nothing does, or nobody knows its name yet. */
export function toType(intent: Intent, preview: Preview | undefined): string | null {
  if (!deletes(intent)) return null
  if (intent.kind === 'hostBulk' && intent.ids.length > 1) return things(intent.ids.length, 'host')
  const name = named(preview)
  if (name === undefined) return null
  return intent.kind === 'hostDelete' || intent.kind === 'hostBulk' ? shortName(name) : name
}

/** Whether it can be live for now only, and go back by itself. What is new, or in use nowhere, has no such time. */
export const canWait = ({ kind }: Intent): boolean =>
  kind !== 'hostCreate' && kind !== 'policyCreate' && kind !== 'policyDelete'

/** What the edge said of it, after "Nothing has changed yet." */
export function edgeWords({ edge }: Preview): string {
  if (edge.accepted === null)
    return `The edge was not asked${edge.reason === null ? '.' : `: ${edge.reason}`}`
  return edge.accepted
    ? 'The edge has read this change and accepts it.'
    : 'The edge has read this change and refuses it.'
}

/** "1 host changes, 17 stay byte for byte the same". */
export function touchedWords({ touched, untouched }: Preview): string {
  const n = touched.length
  const first = n === 0 ? 'No host changes' : `${things(n, 'host')} ${n === 1 ? 'changes' : 'change'}`
  if (untouched === 0) return first
  return `${first}, ${untouched} ${untouched === 1 ? 'stays' : 'stay'} byte for byte the same`
}

export type StageId = 'internet' | 'access' | 'upstreams'

/** Where on a request's path it changes something; empty when it is not about one place. */
export function stagesChanged(intent: Intent, host: Host | undefined): readonly StageId[] {
  if (intent.kind === 'poolUpdate' || intent.kind === 'poolDelete') return ['upstreams']
  if (intent.kind === 'policyUpdate') return ['access']
  if (intent.kind !== 'hostUpdate' || host === undefined) return []
  const differs = (...keys: readonly (keyof HostInput)[]) =>
    keys.some((key) => JSON.stringify(intent.host[key]) !== JSON.stringify(host[key]))
  return [
    ...(differs('domains', 'tls', 'enabled') ? (['internet'] as const) : []),
    ...(differs('access') ? (['access'] as const) : []),
    ...(differs('poolId') ? (['upstreams'] as const) : []),
  ]
}
