import { compile, type DesiredState, type Fragment, type Pool } from '@argos/caddy'
import { type EdgeClient, hashOf, isEdgeError } from '@argos/caddy-admin'
import { acmeRootFile, type FirmPlaces, sharedFolder } from './acme-root.ts'
import type { Checked, CheckRefusal, Touched } from './apply.types.ts'
import { split, whyOf } from './refusals.ts'

/** Tries the touched objects of a would-be state at the edge. Their pools go along: they may be new as well. */
export async function check(
  edge: EdgeClient,
  places: FirmPlaces,
  wouldBe: DesiredState,
  touched: Touched,
): Promise<Checked> {
  const rootFile = acmeRootFile(sharedFolder(places), wouldBe.settings.acmeRootPem)
  // What stands in for a broken one is no answer to "would this go live".
  const compiled = compile({
    ...wouldBe,
    lastGood: { hosts: {}, pools: {} },
    places: { ...places, acmeRootFile: rootFile },
  })
  const poolsOf = new Map(wouldBe.hosts.map((h) => [h.id, h.poolId]))
  const poolIds = new Set([...touched.pools, ...touched.hosts.flatMap((id) => poolsOf.get(id) ?? [])])
  const mine = { host: new Set(touched.hosts), pool: poolIds, settings: new Set(['settings']) }
  const refused: CheckRefusal[] = compiled.refused.filter((r) => mine[r.kind].has(r.id))
  const hosts = pick<Fragment>(compiled.hosts, mine.host)
  const pools = pick<Pool>(compiled.pools, mine.pool)
  try {
    const [summary, said] = await Promise.all([edge.summary(), edge.validate({ hosts, pools })])
    for (const [key, refusal] of Object.entries(said)) {
      const { kind, id } = split(key)
      if (!refused.some((r) => r.kind === kind && r.id === id))
        refused.push({ kind, id, ...whyOf(kind, id, refusal, wouldBe, compiled) })
    }
    const needsLoad = summary.base !== hashOf(compiled.base)
    const base = needsLoad ? { base: compiled.base } : {}
    return { accepted: refused.length === 0, refused, needsLoad, ...base }
  } catch (err) {
    if (!isEdgeError(err)) throw err
    return { accepted: refused.length > 0 ? false : null, refused, needsLoad: false }
  }
}

const pick = <T>(from: Readonly<Record<string, T>>, ids: ReadonlySet<string>): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([id]) => ids.has(id)))
