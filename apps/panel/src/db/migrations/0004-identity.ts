import { type Kysely, sql } from 'kysely'

/** Every host whose access names the policy is written once more: its fragment holds the policy compiled. */
const policyTouches = (event: string, id: string): string =>
  `create trigger touched_policy_${event} after ${event} on policy
    begin
      delete from touched where kind = 'host' and id in (${usersOf(id)});
      insert into touched (kind, id) select 'host', id from (${usersOf(id)});
    end`
const usersOf = (id: string): string =>
  `select h.id from host h where h.access ->> 'policyId' = ${id}
    or exists (select 1 from json_each(h.access, '$.paths') p where p.value ->> 'access' = ${id})`

const people = [
  `alter table user add column display_name text not null default ''`,
  `alter table user add column email text`,
  `alter table user add column password_changed_at integer`,
  // Sessions get an id that may be shown, and what they were begun with. Those of before end: people sign in once more.
  `drop table session`,
  `create table session (
    token_hash text primary key,
    id text not null unique,
    user_id text not null references user (id) on delete cascade,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null,
    address text not null,
    user_agent text not null,
    method text not null check (method in ('setup', 'password', 'passkey', 'oidc')),
    auth_at integer not null,
    factor_at integer,
    oidc_sid text,
    oidc_id_token text
  ) strict`,
  `create index session_user on session (user_id, created_at)`,
  `create table person_group (
    id text primary key,
    name text not null unique,
    created_at integer not null
  ) strict`,
  // source: who put them in; what a provider's claim gave, the next sign-in without the claim takes.
  `create table group_member (
    group_id text not null references person_group (id) on delete cascade,
    user_id text not null references user (id) on delete cascade,
    source text not null check (source in ('manual', 'oidc')),
    primary key (group_id, user_id, source)
  ) strict, without rowid`,
  `create index group_member_user on group_member (user_id)`,
  `create table invitation (
    id text primary key,
    token_hash text not null unique,
    role text not null check (role in ('admin', 'member')),
    groups text not null check (json_valid(groups)),
    email text,
    note text not null,
    created_at integer not null,
    created_by text not null,
    expires_at integer not null,
    used_at integer,
    used_by text
  ) strict`,
  `create table password_reset (
    token_hash text primary key,
    user_id text not null references user (id) on delete cascade,
    created_at integer not null,
    created_by text not null,
    expires_at integer not null
  ) strict`,
  `create table known_device (
    token_hash text not null,
    user_id text not null references user (id) on delete cascade,
    created_at integer not null,
    last_at integer not null,
    primary key (token_hash, user_id)
  ) strict, without rowid`,
  // Wrong passwords and codes against one account, wherever they come from.
  `create table account_failure (
    id integer primary key autoincrement,
    user_id text not null references user (id) on delete cascade,
    kind text not null check (kind in ('password', 'factor')),
    at integer not null
  ) strict`,
  `create index account_failure_user on account_failure (user_id, kind, at)`,
]

const factors = [
  `create table totp (
    user_id text primary key references user (id) on delete cascade,
    secret text not null,
    created_at integer not null,
    confirmed_at integer,
    last_step integer
  ) strict`,
  `create table recovery_code (
    user_id text not null references user (id) on delete cascade,
    position integer not null,
    hash text not null,
    used_at integer,
    primary key (user_id, position)
  ) strict, without rowid`,
  // rp_id: the name it was made for, and works at.
  `create table passkey (
    id text primary key,
    credential_id text not null unique,
    user_id text not null references user (id) on delete cascade,
    rp_id text not null,
    name text not null,
    public_key text not null,
    counter integer not null,
    transports text not null check (json_valid(transports)),
    backed_up integer not null check (backed_up in (0, 1)),
    created_at integer not null,
    last_used_at integer
  ) strict`,
  `create index passkey_user on passkey (user_id)`,
  // Between the password and the second factor.
  `create table login_challenge (
    id_hash text primary key,
    user_id text not null references user (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null,
    method text not null check (method in ('password', 'oidc')),
    state text not null check (json_valid(state))
  ) strict`,
  `create table oidc_identity (
    issuer text not null,
    sub text not null,
    user_id text not null references user (id) on delete cascade,
    email text,
    origin text not null check (origin in ('linked', 'made')),
    admin_given integer not null check (admin_given in (0, 1)),
    created_at integer not null,
    last_at integer not null,
    primary key (issuer, sub)
  ) strict, without rowid`,
  `create index oidc_identity_user on oidc_identity (user_id)`,
]

const access = [
  `create table policy (
    id text primary key,
    name text not null unique,
    rules text not null check (json_valid(rules)),
    version integer not null,
    created_at integer not null,
    updated_at integer not null
  ) strict`,
  policyTouches('update', 'new.id'),
  policyTouches('delete', 'old.id'),
  // One more kind of object; a check cannot be altered in place.
  `create table change_object_next (
    generation integer not null references change (generation),
    kind text not null check (kind in ('host', 'pool', 'settings', 'policy')),
    id text not null,
    name text not null,
    before text check (json_valid(before)),
    after text check (json_valid(after)),
    primary key (generation, kind, id)
  ) strict, without rowid`,
  `insert into change_object_next select * from change_object`,
  `drop table change_object`,
  `alter table change_object_next rename to change_object`,
  `create index change_object_id on change_object (id, generation)`,
  // What a host's own cookie stands for. It ends with the session that it was made from.
  `create table edge_session (
    token_hash text primary key,
    host_id text not null references host (id) on delete cascade,
    session_id text not null references session (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
  ) strict`,
  `create index edge_session_session on edge_session (session_id)`,
  `create index edge_session_host on edge_session (host_id)`,
]

const credentials = [
  `create table app_password (
    id text primary key,
    user_id text not null references user (id) on delete cascade,
    host_id text not null references host (id) on delete cascade,
    name text not null,
    token_hash text not null unique,
    paths text not null check (json_valid(paths)),
    created_at integer not null,
    expires_at integer,
    last_used_at integer,
    last_address text
  ) strict`,
  `create index app_password_user on app_password (user_id)`,
  `create index app_password_host on app_password (host_id)`,
  `create table guest_link (
    id text primary key,
    host_id text not null references host (id) on delete cascade,
    name text not null,
    token_hash text not null unique,
    paths text not null check (json_valid(paths)),
    created_at integer not null,
    created_by text not null,
    expires_at integer not null,
    most_uses integer,
    uses integer not null,
    last_used_at integer
  ) strict`,
  `create index guest_link_host on guest_link (host_id)`,
  `create table guest_session (
    token_hash text primary key,
    guest_link_id text not null references guest_link (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
  ) strict`,
  `create index guest_session_link on guest_session (guest_link_id)`,
  `create table api_token (
    id text primary key,
    user_id text not null references user (id) on delete cascade,
    name text not null,
    token_hash text not null unique,
    scopes text not null check (json_valid(scopes)),
    created_at integer not null,
    expires_at integer,
    last_used_at integer,
    last_address text
  ) strict`,
  `create index api_token_user on api_token (user_id)`,
  // Secrets that belong to no row of another table, as envelopes: the client secret, the key that signs assertions.
  `create table sealed (
    name text primary key,
    envelope text not null,
    at integer not null
  ) strict, without rowid`,
  // Settings that the edge is not given: they are no part of a revision.
  `create table preference (
    name text primary key,
    json text not null check (json_valid(json)),
    version integer not null
  ) strict, without rowid`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...people, ...factors, ...access, ...credentials])
    await sql.raw(statement).execute(db)
}
