import { expect } from 'vitest'
import { applyBench, type Bench, deleteHost, saveHost } from '../../src/apply/testing.ts'
import { NotSeen } from '../../src/apply/visit.ts'
import { pendingStore } from '../../src/changes/pending.store.ts'
import { revisionStore } from '../../src/changes/revisions.store.ts'

const ada = { kind: 'user', id: 'u_1', name: 'ada', address: '127.0.0.1' } as const

/** `h_a` and `h_b`, live at the edge. */
export async function twoHosts(): Promise<Bench> {
  const bench = await applyBench()
  for (const id of ['h_a', 'h_b']) await saveHost(bench.db, id)
  await bench.pass()
  bench.edge.calls.length = 0
  return bench
}

/** A bench with the hosts `h_a` and `h_b`, of which the first is deleted for a limited time. */
export function waitingBench(bench: Bench) {
  const { db } = bench
  const store = pendingStore(db)
  const row = () => store.get()
  const newest = async () => (await revisionStore(db).list({ limit: 1 }))[0]
  const names = async () =>
    (await db.selectFrom('host_domain').select('name').orderBy('name').execute()).map((r) => r.name)
  const applied = async () =>
    (await db.selectFrom('applied').select('id').where('kind', '=', 'host').orderBy('id').execute()).map(
      (r) => r.id,
    )
  const events = async () =>
    (await db.selectFrom('outbox').select('type').orderBy('id').execute()).map((e) => e.type)
  const ended = async (hosts: readonly string[], event: string) => {
    await bench.pass()
    expect(await row()).toBe(null)
    expect(await names()).toEqual(hosts.map((id) => `${id.replace('_', '-')}.example.com`))
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(hosts)
    expect(await applied()).toEqual(hosts)
    expect(await bench.room.apply.status()).toMatchObject({ inSync: true, lastError: null })
    expect((await events()).at(-1)).toBe(event)
  }
  return {
    store,
    row,
    newest,
    applied,
    trail: async () =>
      (await db.selectFrom('audit').select(['action', 'actor_name']).orderBy('id').execute()).map(
        (a) => `${a.action} by ${a.actor_name}`,
      ),
    keep: async (): Promise<string> => {
      const id = (await row())?.id ?? ''
      await store.advance(id, ['waiting'], { state: 'keeping', askedBy: ada })
      return id
    },
    putBack: async (): Promise<void> => {
      const change = { state: 'returning', reason: 'ada put it back.', askedBy: ada } as const
      await store.advance((await row())?.id ?? '', ['applying', 'testing', 'waiting'], change)
    },
    deleted: (): Promise<number> => {
      bench.sights['h-a.example.com'] = new NotSeen('the TLS handshake was refused', 'tls')
      return deleteHost(db, 'h_a', 60)
    },
    /** All that must hold once it went back, whatever happened. */
    isBack: async (reason: RegExp): Promise<void> => {
      await ended(['h_a', 'h_b'], 'change.returned')
      expect(await store.last()).toMatchObject({ outcome: 'returned', reason: expect.stringMatching(reason) })
    },
    isKept: async (): Promise<void> => {
      await ended(['h_b'], 'change.kept')
      expect(await store.last()).toMatchObject({ outcome: 'kept', reason: null })
    },
  }
}
