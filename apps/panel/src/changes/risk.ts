import { isDeepStrictEqual } from 'node:util'
import type { HostInput, PolicyInput, PoolInput, Preview, Settings } from '@argos/contract'
import { things } from '../words.ts'
import type { ChangedObject } from './objects.ts'

type Risk = Pick<Preview, 'risk' | 'risks'>

/**
 * How risky a change is, and why. `served`: how many published hosts it touches, users of its pools and policies
 * included. `access`: what it does to who gets in.
 */
export function riskOf(
  objects: readonly ChangedObject[],
  served: number,
  access: readonly string[] = [],
): Risk {
  const hosts = ofKind<HostInput>(objects, 'host')
  const pools = ofKind<PoolInput>(objects, 'pool')
  const gone = hosts.filter(({ before, after }) => before?.enabled && after === null).length
  const harmless =
    hosts.every(onlyLabels) &&
    pools.every(onlyName) &&
    ofKind<PolicyInput>(objects, 'policy').every(sameRules) &&
    !objects.some(isSettings)
  if (harmless) return { risk: 'harmless', risks: [] }
  const risks = [
    ...(gone > 0 ? [`${things(gone, 'published host')} ${gone === 1 ? 'goes' : 'go'} away.`] : []),
    ...access,
    ...(served > 1 ? [`It touches ${things(served, 'published host')} at once.`] : []),
    ...ofKind<Settings>(objects, 'settings').flatMap(({ before, after }) => movesPanel(before, after)),
  ]
  return { risk: risks.length > 0 ? 'risky' : 'normal', risks }
}

function movesPanel(before: Settings | null, after: Settings | null): string[] {
  if (before === null || after === null) return []
  return [
    ...(before.panelDomain !== '' && before.panelDomain !== after.panelDomain
      ? ['The panel is reached under another name afterwards.']
      : []),
    ...(after.panelDomain !== '' && before.panelTls !== after.panelTls
      ? ["The panel's certificate comes from somewhere else."]
      : []),
    ...(isDeepStrictEqual(before.trustedProxies, after.trustedProxies)
      ? []
      : ["Every visitor's address is found out differently, yours too."]),
  ]
}

interface Of<T> {
  readonly before: T | null
  readonly after: T | null
}
const ofKind = <T>(objects: readonly ChangedObject[], kind: ChangedObject['kind']): Of<T>[] =>
  objects.flatMap((o) =>
    o.kind === kind ? [{ before: o.before as T | null, after: o.after as T | null }] : [],
  )

const isSettings = ({ kind }: ChangedObject) => kind === 'settings'

/** Tags and notes never reach the edge. */
const onlyLabels = ({ before, after }: Of<HostInput>): boolean =>
  before !== null &&
  after !== null &&
  isDeepStrictEqual({ ...before, tags: [], note: '' }, { ...after, tags: [], note: '' })

const sameRules = ({ before, after }: Of<PolicyInput>): boolean =>
  before !== null && after !== null && isDeepStrictEqual(before.rules, after.rules)

const onlyName = ({ before, after }: Of<PoolInput>): boolean =>
  before !== null && after !== null && isDeepStrictEqual({ ...before, name: '' }, { ...after, name: '' })
