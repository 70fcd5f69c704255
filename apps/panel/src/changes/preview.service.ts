import { compileHost, compilePool, type DesiredState } from '@argos/caddy'
import type { CaddyChange, HostCreate, HostInput, Intent, Preview } from '@argos/contract'
import type { Kysely } from 'kysely'
import { appliedStore } from '../apply/applied.store.ts'
import type { Apply, Checked } from '../apply/apply.types.ts'
import { readDesired, readSome } from '../apply/desired.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { listed } from '../hosts/effects.ts'
import type { HostService } from '../hosts/host.service.ts'
import { bodyField, type Planned, plannedHost } from '../hosts/host-plan.ts'
import { newWords } from '../hosts/host-writer.ts'
import { refuseBadNames } from '../hosts/names.ts'
import { things } from '../hosts/words.ts'
import { newId } from '../id.ts'
import type { PoolService } from '../pools/pool.service.ts'
import type { SavedPool } from '../pools/pool-settings.ts'
import { askEdge } from '../pools/would-be.ts'
import type { SettingsService } from '../settings/settings.service.ts'
import { type Draft, tried, type Write } from './commit.ts'
import { described, poolsAround, poolsNamed } from './describe.ts'
import type { ChangedObject } from './objects.ts'
import { refuseWhilePending } from './overlap.ts'
import { riskOf } from './risk.ts'
import type { undoWrites } from './undo.ts'

export interface PreviewDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly apply: Pick<Apply, 'check' | 'checkEdit'>
  readonly hosts: Pick<HostService, 'writes'>
  readonly pools: PoolService
  readonly settings: Pick<SettingsService, 'write'>
  readonly undo: ReturnType<typeof undoWrites>
}
export interface Previewer {
  of(intent: Intent): Promise<Preview>
  /** Of a form: with `id` a change, whose own pool may come along for everyone who uses it; else a new host. */
  host(form: { id?: string | undefined; host: HostCreate }): Promise<Preview>
}

interface Plan {
  readonly write: Write
  /** What is asked first, as saving does. */
  readonly before?: () => Promise<void>
  readonly warnings?: readonly string[]
  /** The host that is looked at; others with its pool are named. */
  readonly host?: Planned
}
/** What a write would leave behind, read before it was taken back. */
interface Tried {
  readonly draft: Draft
  readonly blocked: string | null
  readonly hosts: number
  readonly users: readonly { readonly id: string; readonly name: string; readonly poolId: string }[]
  /** Of those users the ones that are published. */
  readonly published: ReadonlySet<string>
  readonly specs: Pick<DesiredState, 'hosts' | 'pools'>
  /** All of it, when the edge must be asked about all of it. */
  readonly whole: DesiredState | null
  /** That the hosts use or used. */
  readonly pools: readonly SavedPool[]
}

const FEW = 50
const MOST_OBJECTS = 100
const MOST_CADDY = 20

/** What a change would do: the very write that would be saved, taken back, and asked of the edge. */
export function previewer(deps: PreviewDeps): Previewer {
  const { db, apply, hosts, pools, settings, undo } = deps

  const planOf = async (intent: Intent): Promise<Plan> => {
    switch (intent.kind) {
      case 'hostCreate':
        return planNew(intent.host)
      case 'hostUpdate': {
        const host: Planned = { id: intent.id, input: intent.host, ownPool: null }
        refuseBadNames(intent.host, { path: 'intent.host.' })
        return { write: hosts.writes.update(host, null, { path: 'intent.host.', poolPath: 'poolId' }), host }
      }
      case 'hostDelete':
        return { write: hosts.writes.remove(intent.id) }
      case 'hostBulk':
        return { write: hosts.writes.bulk(intent) }
      case 'poolUpdate':
        return {
          write: pools.writes.update(intent.id, null, intent.pool),
          warnings: await pools.check(intent.pool, 'intent.pool.'),
        }
      case 'poolDelete':
        return { write: pools.writes.remove(intent.id) }
      case 'settingsUpdate':
        return { write: await settings.write(intent.settings) }
      case 'undo':
        return { write: undo.undo(intent.generation), before: () => undo.refuseForbidden(db, intent) }
      case 'restore':
        return { write: undo.restore(intent.revision), before: () => undo.refuseForbidden(db, intent) }
    }
  }
  const planNew = async (body: HostCreate): Promise<Plan> => {
    const host = plannedHost(newId('h'), newId('p'), body)
    refuseBadNames(host.input, { path: 'host.' })
    const warnings = host.ownPool ? await pools.check(host.ownPool, 'host.upstream.pool.') : []
    return { write: hosts.writes.insert(host, newWords(host.input), { path: 'host.' }), warnings, host }
  }

  const look = (plan: Plan): Promise<Tried> =>
    tried(db, async (trx) => {
      const { n } = await trx
        .selectFrom('host')
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      const draft = (await plan.write(trx)) ?? nothing
      const { objects } = draft
      const ids = (kind: ChangedObject['kind']) => objects.flatMap((o) => (o.kind === kind ? [o.id] : []))
      const changedPools = new Set(ids('pool'))
      const users: Tried['users'][number][] = []
      for (const id of changedPools) users.push(...(await pools.within(trx).users(id)))
      const hostIds = ids('host')
      const needed = objects.flatMap(({ kind, after }) =>
        kind === 'host' && after ? [(after as HostInput).poolId] : [],
      )
      const all = objects.length > FEW || objects.some((o) => o.after === null || o.kind === 'settings')
      return {
        draft,
        blocked: await pendingInTheWay(trx, objects),
        hosts: n,
        users,
        published: await publishedOf(
          trx,
          users.map((user) => user.id),
        ),
        specs: await readSome(trx, { hosts: hostIds, pools: [...new Set([...changedPools, ...needed])] }),
        whole: all ? await readDesired(trx) : null,
        pools: await pools.within(trx).some(poolsNamed(objects)),
      }
    })

  const ask = ({ draft: { objects }, specs, whole, users }: Tried): Promise<Checked> => {
    const touched = {
      hosts: [...new Set([...specs.hosts.map((h) => h.id), ...users.map((u) => u.id)])],
      pools: specs.pools.map((p) => p.id),
    }
    if (whole) return apply.check(whole, touched)
    const changed = new Set(objects.flatMap((o) => (o.kind === 'pool' ? [o.id] : [])))
    return askEdge({ apply, db }, { hosts: specs.hosts, pools: specs.pools.filter((p) => changed.has(p.id)) })
  }

  const preview = async (plan: Plan): Promise<Preview> => {
    let seen: Tried
    try {
      await plan.before?.()
      seen = await look(plan)
    } catch (err) {
      // Going back may be impossible by now; that is an answer, not a mistake in what was sent.
      if (err instanceof AppError && err.code === 'conflict' && plan.host === undefined)
        return no(err.message)
      throw err
    }
    const { draft, blocked, users } = seen
    const { objects } = draft
    const asked = await ask(seen)
    const around = poolsAround(objects, seen.pools)
    const diffs = objects.map((object) => described(object, around))
    const mine = objects.flatMap(({ kind, id, name }) => (kind === 'host' ? [{ id, name }] : []))
    const looked = (user: { id: string }) => (user.id === plan.host?.id ? 0 : 1)
    const others = users
      .filter((user) => !mine.some((host) => host.id === user.id))
      .toSorted((a, b) => looked(a) - looked(b))
    const touched = [...mine, ...others.map(({ id, name }) => ({ id, name }))]
    const there = touched.length - objects.filter((o) => o.kind === 'host' && o.before === null).length
    const [refusal] = asked.refused
    return {
      words: [...wordsOf(draft, diffs), ...sharing(plan, objects, users), ...(plan.warnings ?? [])],
      ...riskOf(objects, servedBy(objects, seen)),
      blocked,
      objects: diffs.slice(0, MOST_OBJECTS),
      caddy: await caddyOf(db, seen, asked),
      touched,
      untouched: seen.hosts - there,
      needsLoad: asked.needsLoad,
      edge: {
        accepted: asked.accepted,
        reason:
          refusal?.message ??
          (asked.accepted === null ? 'It does not answer; it will be asked when it is back.' : null),
        field: refusal && plan.host ? bodyField(plan.host, 'upstream.poolId')(refusal) : null,
      },
    }
  }

  return {
    of: async (intent) => preview(await planOf(intent)),
    async host({ id, host: body }) {
      if (id === undefined) return preview(await planNew(body))
      const poolId = await hosts.writes.poolOf(db, id)
      const host = plannedHost(id, poolId, body)
      refuseBadNames(host.input, { path: 'host.' })
      const { ownPool } = host
      const change = hosts.writes.update({ ...host, ownPool: null }, null, { path: 'host.' })
      if (!ownPool) return preview({ write: change, host })
      const warnings = await pools.check(ownPool, 'host.upstream.pool.')
      const write: Write = async (trx) => {
        const first = await pools.writes.update(poolId, null, ownPool)(trx)
        return joined(first, await change(trx))
      }
      return preview({ write, warnings, host })
    },
  }
}

const nothing: Draft = { words: [], objects: [], audit: [] }

function joined(a: Draft | null, b: Draft | null): Draft | null {
  if (a === null || b === null) return a ?? b
  const hosts = [...(a.hosts ?? []), ...(b.hosts ?? b.objects.map((o) => o.id))]
  return {
    words: [...a.words, ...b.words],
    objects: [...b.objects, ...a.objects],
    hosts,
    audit: [...a.audit, ...b.audit],
  }
}

async function pendingInTheWay(
  trx: Parameters<Write>[0],
  objects: readonly ChangedObject[],
): Promise<string | null> {
  try {
    await refuseWhilePending(trx, objects)
    return null
  } catch (err) {
    if (err instanceof AppError) return err.message
    throw err
  }
}

/** What cannot be done, and why. */
const no = (blocked: string): Preview => ({
  ...{ words: [], risk: 'normal', risks: [], blocked, objects: [], caddy: [], touched: [], untouched: 0 },
  ...{ needsLoad: false, edge: { accepted: null, reason: null, field: null } },
})

/** Of a few objects what happens to each; of many only what happens to all. */
function wordsOf(draft: Draft, diffs: readonly Preview['objects'][number][]): string[] {
  if (diffs.length === 0) return ['Nothing changes.']
  if (diffs.length <= 4) return [...new Set(diffs.flatMap((diff) => diff.words))]
  const counts = Map.groupBy(diffs, ({ kind, how }) => `${kind} ${how}`)
  return [
    ...draft.words.map((words) => `${words}.`),
    ...[...counts].map(([, [first, ...rest]]) => {
      const n = rest.length + 1
      const what = first?.kind === 'settings' ? 'the settings' : things(n, first?.kind ?? 'object')
      const becomes = { added: 'comes', changed: 'changes', removed: 'goes' }[first?.how ?? 'changed']
      const become = { added: 'come', changed: 'change', removed: 'go' }[first?.how ?? 'changed']
      return `${what.replace(/^./, (c) => c.toUpperCase())} ${n === 1 ? becomes : become}.`
    }),
  ]
}

/** Who else feels it because of a pool they share. */
function sharing(plan: Plan, objects: readonly ChangedObject[], users: Tried['users']): string[] {
  if (!objects.some((o) => o.kind === 'pool' && o.before && o.after)) return []
  const others = users.filter((user) => user.id !== plan.host?.id).map((user) => user.name)
  if (others.length === 0) return []
  return plan.host
    ? [`The same goes for ${listed(others)}, with the same pool.`]
    : [`${listed(others)} ${others.length === 1 ? 'uses' : 'use'} it.`]
}

/** Published hosts that it touches, by themselves or by a pool. */
function servedBy(objects: readonly ChangedObject[], { published }: Tried): number {
  const own = objects.flatMap(({ kind, id, before, after }) => {
    const [was, is] = [before, after] as [HostInput | null, HostInput | null]
    return kind === 'host' && (was?.enabled || is?.enabled) ? [id] : []
  })
  return new Set([...own, ...published]).size
}

async function publishedOf(db: Kysely<DB>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('host')
    .select('id')
    .where('id', 'in', ids)
    .where('enabled', '=', 1)
    .execute()
  return new Set(rows.map((row) => row.id))
}

async function caddyOf(db: Kysely<DB>, seen: Tried, { base }: Checked): Promise<CaddyChange[]> {
  const { draft, specs } = seen
  const objects = draft.objects.filter((o) => o.kind !== 'settings').slice(0, MOST_CADDY)
  const ids = (kind: 'host' | 'pool') => objects.flatMap((o) => (o.kind === kind ? [o.id] : []))
  const store = appliedStore(db)
  const applied = [
    ...(await store.some('host', ids('host'))),
    ...(await store.some('pool', ids('pool'))),
    ...(base === undefined ? [] : await store.some('base', ['base'])),
  ]
  const before = new Map(applied.map((row) => [`${row.kind}:${row.id}`, JSON.parse(row.json) as unknown]))
  const after = (kind: 'host' | 'pool', id: string): unknown => {
    const host = specs.hosts.find((h) => h.id === id)
    const pool = specs.pools.find((p) => p.id === id)
    const made =
      kind === 'host' ? host && compileHost(host, { by: () => null }, () => true) : pool && compilePool(pool)
    return made && !('message' in made) ? made : null
  }
  const changes = objects.map(({ kind, id, name }): CaddyChange => {
    const known = kind as 'host' | 'pool'
    return { kind: known, id, name, before: before.get(`${kind}:${id}`) ?? null, after: after(known, id) }
  })
  const different = changes.filter((c) => JSON.stringify(c.before) !== JSON.stringify(c.after))
  if (base === undefined) return different
  const whole = { kind: 'base', id: 'base', name: 'Listeners, logs and certificate rules' } as const
  return [...different, { ...whole, before: before.get('base:base') ?? null, after: base }]
}
