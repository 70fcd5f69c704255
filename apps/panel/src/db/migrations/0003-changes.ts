import { type Kysely, sql } from 'kysely'

const statements = [
  // What each change did, object by object, so that it can be shown, undone and restored.
  `create table change_object (
    generation integer not null references change (generation),
    kind text not null check (kind in ('host', 'pool', 'settings')),
    id text not null,
    name text not null,
    before text check (json_valid(before)),
    after text check (json_valid(after)),
    primary key (generation, kind, id)
  ) strict, without rowid`,
  `create index change_object_id on change_object (id, generation)`,
  // The revision that brought it to the edge.
  `alter table change add column revision integer`,
  `create index change_revision on change (revision)`,
  // The one change that waits to be kept.
  `create table pending (
    singleton integer primary key check (singleton = 1),
    id text not null,
    generation integer not null references change (generation),
    revision integer,
    previous integer,
    at integer not null,
    actor_kind text not null,
    actor_name text not null,
    words text not null check (json_valid(words)),
    state text not null check (state in ('applying', 'testing', 'waiting', 'keeping', 'returning')),
    reason text,
    asked_by text check (json_valid(asked_by)),
    within_s integer not null,
    deadline integer,
    extended integer not null check (extended in (0, 1)),
    promises text not null check (json_valid(promises))
  ) strict`,
  // Two outcomes more; a check cannot be altered in place.
  `create table revision_next (
    number integer primary key autoincrement,
    at integer not null,
    actor_kind text not null,
    actor_name text not null,
    words text not null check (json_valid(words)),
    kind text not null check (kind in ('swap', 'load')),
    outcome text not null check (outcome in ('live', 'refused', 'failed', 'pending', 'returned')),
    error text,
    generation integer not null,
    hosts text not null check (json_valid(hosts)),
    changes text not null check (json_valid(changes)),
    took_ms real not null
  ) strict`,
  `insert into revision_next select * from revision`,
  `drop table revision`,
  `alter table revision_next rename to revision`,
  // Objects at the edge that somebody else changed, as long as nobody has decided.
  `create table drift (
    kind text not null check (kind in ('host', 'pool', 'base')),
    id text not null,
    hash text,
    since integer not null,
    primary key (kind, id)
  ) strict`,
  // A filter of a list that somebody gave a name.
  `create table saved_view (
    id text primary key,
    user_id text not null references user (id) on delete cascade,
    page text not null,
    name text not null,
    query text not null,
    position integer not null
  ) strict`,
  `create index saved_view_user on saved_view (user_id, page, position)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
