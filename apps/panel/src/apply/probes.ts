import { setTimeout as delay } from 'node:timers/promises'
import type { Fragment } from '@argos/caddy'
import type { EdgeClient } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import { revisionStore } from '../changes/revisions.store.ts'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import type { Probe, ProbeResult } from './probe.ts'
import type { Settled } from './settle.ts'

export interface ProbeDeps {
  readonly db: Kysely<DB>
  readonly edge: EdgeClient
  readonly probe: Probe
  readonly sleep: (ms: number) => Promise<unknown>
}

const AT_ONCE = 8
/** A flood of hosts is not visited one by one. */
const AT_MOST = 50
/** A certificate of the internal CA takes a moment after the host is live. */
const TRIES = 6
const BETWEEN_MS = 250

/** A wait that a shutdown ends. */
export const realSleep = (ms: number, signal?: AbortSignal): Promise<unknown> =>
  delay(ms, undefined, signal ? { signal } : {})

/** Visits each touched host through the edge and writes what came of it into the revision. */
export async function probeTouched(
  deps: ProbeDeps,
  revision: number,
  touched: Settled['touched'],
): Promise<void> {
  const results = new Map<string, ProbeResult>()
  const queue = touched.filter((t) => t.fragment !== null).slice(0, AT_MOST)
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift())
        if (next.fragment) results.set(next.id, await probeOne(deps, next.fragment))
    }),
  )
  if (results.size === 0) return
  await deps.db.transaction().execute(async (trx) => {
    const hosts = touched.map(({ id, name }) => ({ id, name, probe: results.get(id)?.words ?? null }))
    await revisionStore(trx).setHosts(revision, hosts)
    for (const { id, name } of touched) {
      const result = results.get(id)
      if (result && !result.ok)
        await emit(trx, 'apply.probe_failed', { hostId: id, name, reason: result.words })
    }
  })
}

async function probeOne({ probe, edge, sleep }: ProbeDeps, fragment: Fragment): Promise<ProbeResult> {
  for (let tries = 1; ; tries++) {
    const result = await probe(fragment)
    if (result.ok || fragment.off || fragment.tls === 'none') return result
    const certificate = await certificateState(edge, fragment)
    if (certificate === 'ok' && tries > 1) return result
    if (tries >= TRIES)
      return certificate === 'pending' ? { ok: true, words: 'Its certificate is being issued.' } : result
    await sleep(BETWEEN_MS)
  }
}

async function certificateState(edge: EdgeClient, { names: [name = ''] }: Fragment): Promise<string> {
  try {
    return (await edge.certificates())[name]?.state ?? 'none'
  } catch {
    // The edge is away: the probe's own words say so better.
    return 'none'
  }
}
