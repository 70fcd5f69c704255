import { type Kysely, sql } from 'kysely'

/**
 * Which hosts and pools were written since somebody looked, each once, whoever wrote them: the applier reads these and
 * not all. `seq` only ever grows.
 */
const table = `create table touched (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('host', 'pool', 'setting')),
    id text not null
  ) strict`

const touches = (name: string, event: string, kind: string, id: string): string =>
  `create trigger touched_${name} after ${event}
    begin
      delete from touched where kind = '${kind}' and id = ${id};
      insert into touched (kind, id) values ('${kind}', ${id});
    end`

const statements = [
  table,
  `create unique index touched_object on touched (kind, id)`,
  touches('host_insert', 'insert on host', 'host', 'new.id'),
  touches('host_update', 'update on host', 'host', 'new.id'),
  touches('host_delete', 'delete on host', 'host', 'old.id'),
  touches('domain_insert', 'insert on host_domain', 'host', 'new.host_id'),
  touches('domain_update', 'update on host_domain', 'host', 'new.host_id'),
  touches('domain_move', 'update of host_id on host_domain', 'host', 'old.host_id'),
  touches('domain_delete', 'delete on host_domain', 'host', 'old.host_id'),
  touches('pool_insert', 'insert on pool', 'pool', 'new.id'),
  touches('pool_update', 'update on pool', 'pool', 'new.id'),
  touches('pool_delete', 'delete on pool', 'pool', 'old.id'),
  touches('setting_insert', 'insert on setting', 'setting', "'1'"),
  touches('setting_update', 'update on setting', 'setting', "'1'"),
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
