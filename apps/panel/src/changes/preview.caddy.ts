import { compileHost, compilePool, policiesIn } from '@argos/caddy'
import type { CaddyChange } from '@argos/contract'
import type { Kysely } from 'kysely'
import { appliedStore } from '../apply/applied.store.ts'
import type { Checked } from '../apply/apply.types.ts'
import { BASE_NAME } from '../apply/theirs.ts'
import type { DB } from '../db/schema.ts'
import type { Tried } from './preview.tried.ts'

const MOST_CADDY = 20

/** The edge's JSON of what changes: as it confirmed it last, and as it would get it. */
export async function caddyOf(
  db: Kysely<DB>,
  { draft, specs, users }: Pick<Tried, 'draft' | 'specs' | 'users'>,
  { base }: Pick<Checked, 'base'>,
): Promise<CaddyChange[]> {
  const own = draft.objects.filter((o) => o.kind === 'host' || o.kind === 'pool')
  const others = users.filter(({ by, id }) => by === 'policy' && !own.some((o) => o.id === id))
  const objects = [...own, ...others.map(({ id, name }) => ({ kind: 'host' as const, id, name }))].slice(
    0,
    MOST_CADDY,
  )
  const ids = (kind: 'host' | 'pool') => objects.flatMap((o) => (o.kind === kind ? [o.id] : []))
  const store = appliedStore(db)
  const applied = [
    ...(await store.some('host', ids('host'))),
    ...(await store.some('pool', ids('pool'))),
    ...(base === undefined ? [] : await store.some('base', ['base'])),
  ]
  const before = new Map(applied.map((row) => [`${row.kind}:${row.id}`, JSON.parse(row.json) as unknown]))
  const policies = policiesIn(specs.policies)
  const after = (kind: 'host' | 'pool', id: string): unknown => {
    const host = specs.hosts.find((h) => h.id === id)
    const pool = specs.pools.find((p) => p.id === id)
    const made =
      kind === 'host'
        ? host && compileHost(host, { by: () => null }, () => true, policies)
        : pool && compilePool(pool)
    return made && !('message' in made) ? made : null
  }
  const changes = objects.map(({ kind, id, name }): CaddyChange => {
    const known = kind as 'host' | 'pool'
    return { kind: known, id, name, before: before.get(`${kind}:${id}`) ?? null, after: after(known, id) }
  })
  const different = changes.filter((c) => JSON.stringify(c.before) !== JSON.stringify(c.after))
  if (base === undefined) return different
  const whole = { kind: 'base', id: 'base', name: BASE_NAME } as const
  return [...different, { ...whole, before: before.get('base:base') ?? null, after: base }]
}
