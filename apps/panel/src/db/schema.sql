CREATE INDEX account_failure_user on account_failure (user_id, kind, at)

CREATE INDEX api_token_user on api_token (user_id)

CREATE INDEX app_password_host on app_password (host_id)

CREATE INDEX app_password_user on app_password (user_id)

CREATE INDEX audit_subject on audit (subject_id, id)

CREATE INDEX change_object_id on change_object (id, generation)

CREATE INDEX change_revision on change (revision)

CREATE INDEX edge_session_host on edge_session (host_id)

CREATE INDEX edge_session_session on edge_session (session_id)

CREATE INDEX group_member_user on group_member (user_id)

CREATE INDEX guest_link_host on guest_link (host_id)

CREATE INDEX guest_session_link on guest_session (guest_link_id)

CREATE INDEX host_domain_host on host_domain (host_id, position)

CREATE INDEX host_pool on host (pool_id)

CREATE INDEX login_failure_bucket on login_failure (bucket, at)

CREATE INDEX oidc_identity_user on oidc_identity (user_id)

CREATE INDEX outbox_open on outbox (id) where delivered_at is null

CREATE INDEX passkey_user on passkey (user_id)

CREATE INDEX saved_view_user on saved_view (user_id, page, position)

CREATE INDEX session_user on session (user_id, created_at)

CREATE UNIQUE INDEX touched_object on touched (kind, id)

CREATE TABLE account_failure (
  id integer primary key autoincrement,
  user_id text not null references user (id) on delete cascade,
  kind text not null check (kind in ('password', 'factor')),
  at integer not null
) strict

CREATE TABLE api_token (
  id text primary key,
  user_id text not null references user (id) on delete cascade,
  name text not null,
  token_hash text not null unique,
  scopes text not null check (json_valid(scopes)),
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  last_address text
) strict

CREATE TABLE app_password (
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
) strict

CREATE TABLE applied (
  kind text not null check (kind in ('host', 'pool', 'base')),
  id text not null,
  hash text not null,
  json text not null,
  at integer not null,
  primary key (kind, id)
) strict

CREATE TABLE audit (
  id integer primary key autoincrement,
  at integer not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text,
  subject_name text not null,
  words text not null,
  address text,
  before text,
  after text,
  prev_hash text not null,
  hash text not null
) strict

CREATE TABLE change (
  generation integer primary key autoincrement,
  at integer not null,
  actor_kind text not null,
  actor_name text not null,
  words text not null check (json_valid(words)),
  hosts text not null check (json_valid(hosts))
  , revision integer) strict

CREATE TABLE "change_object" (
  generation integer not null references change (generation),
  kind text not null check (kind in ('host', 'pool', 'settings', 'policy')),
  id text not null,
  name text not null,
  before text check (json_valid(before)),
  after text check (json_valid(after)),
  primary key (generation, kind, id)
) strict, without rowid

CREATE TABLE drift (
  kind text not null check (kind in ('host', 'pool', 'base')),
  id text not null,
  hash text,
  since integer not null,
  primary key (kind, id)
) strict

CREATE TABLE edge_session (
  token_hash text primary key,
  host_id text not null references host (id) on delete cascade,
  session_id text not null references session (id) on delete cascade,
  created_at integer not null,
  expires_at integer not null
) strict

CREATE TABLE group_member (
  group_id text not null references person_group (id) on delete cascade,
  user_id text not null references user (id) on delete cascade,
  source text not null check (source in ('manual', 'oidc')),
  primary key (group_id, user_id, source)
) strict, without rowid

CREATE TABLE guest_link (
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
) strict

CREATE TABLE guest_session (
  token_hash text primary key,
  guest_link_id text not null references guest_link (id) on delete cascade,
  created_at integer not null,
  expires_at integer not null
) strict

CREATE TABLE host (
  id text primary key,
  name text not null,
  enabled integer not null check (enabled in (0, 1)),
  tls text not null check (tls in ('auto', 'internal', 'none')),
  access text not null check (json_valid(access)),
  tags text not null check (json_valid(tags)),
  note text not null,
  pool_id text not null references pool (id),
  version integer not null,
  created_at integer not null,
  updated_at integer not null
) strict

CREATE TABLE host_domain (
  name text primary key,
  host_id text not null references host (id) on delete cascade,
  position integer not null
) strict

CREATE TABLE invitation (
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
) strict

CREATE TABLE known_device (
  token_hash text not null,
  user_id text not null references user (id) on delete cascade,
  created_at integer not null,
  last_at integer not null,
  primary key (token_hash, user_id)
) strict, without rowid

CREATE TABLE login_ban (bucket text primary key, until integer not null) strict

CREATE TABLE login_challenge (
  id_hash text primary key,
  user_id text not null references user (id) on delete cascade,
  created_at integer not null,
  expires_at integer not null,
  method text not null check (method in ('password', 'oidc')),
  state text not null check (json_valid(state))
) strict

CREATE TABLE login_failure (id integer primary key, bucket text not null, at integer not null) strict

CREATE TABLE meta (key text primary key, value text not null) strict

CREATE TABLE oidc_identity (
  issuer text not null,
  sub text not null,
  user_id text not null references user (id) on delete cascade,
  email text,
  origin text not null check (origin in ('linked', 'made')),
  admin_given integer not null check (admin_given in (0, 1)),
  created_at integer not null,
  last_at integer not null,
  primary key (issuer, sub)
) strict, without rowid

CREATE TABLE outbox (
  id integer primary key autoincrement,
  at integer not null,
  type text not null,
  severity text not null,
  data text not null check (json_valid(data)),
  delivered_at integer
) strict

CREATE TABLE passkey (
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
) strict

CREATE TABLE password_reset (
  token_hash text primary key,
  user_id text not null references user (id) on delete cascade,
  created_at integer not null,
  created_by text not null,
  expires_at integer not null
) strict

CREATE TABLE pending (
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
) strict

CREATE TABLE person_group (
  id text primary key,
  name text not null unique,
  created_at integer not null
) strict

CREATE TABLE policy (
  id text primary key,
  name text not null unique,
  rules text not null check (json_valid(rules)),
  version integer not null,
  created_at integer not null,
  updated_at integer not null
) strict

CREATE TABLE pool (
  id text primary key,
  name text not null,
  protocol text not null check (protocol in ('http', 'https')),
  verify_tls integer not null check (verify_tls in (0, 1)),
  preserve_host integer not null check (preserve_host in (0, 1)),
  health text not null check (json_valid(health)),
  targets text not null check (json_valid(targets)),
  version integer not null,
  created_at integer not null,
  updated_at integer not null
) strict

CREATE TABLE preference (
  name text primary key,
  json text not null check (json_valid(json)),
  version integer not null
) strict, without rowid

CREATE TABLE recovery_code (
  user_id text not null references user (id) on delete cascade,
  position integer not null,
  hash text not null,
  used_at integer,
  primary key (user_id, position)
) strict, without rowid

CREATE TABLE "revision" (
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
) strict

CREATE TABLE saved_view (
  id text primary key,
  user_id text not null references user (id) on delete cascade,
  page text not null,
  name text not null,
  query text not null,
  position integer not null
) strict

CREATE TABLE sealed (
  name text primary key,
  envelope text not null,
  at integer not null
) strict, without rowid

CREATE TABLE session (
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
) strict

CREATE TABLE setting (
  id integer primary key check (id = 1),
  json text not null check (json_valid(json)),
  version integer not null
) strict

CREATE TABLE setup_token (
  token_hash text primary key,
  created_at integer not null,
  expires_at integer not null
) strict

CREATE TABLE totp (
  user_id text primary key references user (id) on delete cascade,
  secret text not null,
  created_at integer not null,
  confirmed_at integer,
  last_step integer
) strict

CREATE TABLE touched (
  seq integer primary key autoincrement,
  kind text not null check (kind in ('host', 'pool', 'setting')),
  id text not null
) strict

CREATE TABLE trouble (
  kind text not null check (kind in ('host', 'pool')),
  id text not null,
  message text not null,
  field text,
  since integer not null,
  primary key (kind, id)
) strict

CREATE TABLE user (
  id text primary key,
  username text not null unique,
  password_hash text not null,
  role text not null check (role in ('admin', 'member')),
  disabled integer not null check (disabled in (0, 1)),
  created_at integer not null
  , display_name text not null default '', email text, password_changed_at integer) strict

CREATE TRIGGER audit_no_delete before delete on audit
  begin select raise(abort, 'audit rows are never deleted'); end

CREATE TRIGGER audit_no_update before update on audit
  begin select raise(abort, 'audit rows are never changed'); end

CREATE TRIGGER touched_domain_delete after delete on host_domain
  begin
    delete from touched where kind = 'host' and id = old.host_id;
    insert into touched (kind, id) values ('host', old.host_id);
  end

CREATE TRIGGER touched_domain_insert after insert on host_domain
  begin
    delete from touched where kind = 'host' and id = new.host_id;
    insert into touched (kind, id) values ('host', new.host_id);
  end

CREATE TRIGGER touched_domain_move after update of host_id on host_domain
  begin
    delete from touched where kind = 'host' and id = old.host_id;
    insert into touched (kind, id) values ('host', old.host_id);
  end

CREATE TRIGGER touched_domain_update after update on host_domain
  begin
    delete from touched where kind = 'host' and id = new.host_id;
    insert into touched (kind, id) values ('host', new.host_id);
  end

CREATE TRIGGER touched_host_delete after delete on host
  begin
    delete from touched where kind = 'host' and id = old.id;
    insert into touched (kind, id) values ('host', old.id);
  end

CREATE TRIGGER touched_host_insert after insert on host
  begin
    delete from touched where kind = 'host' and id = new.id;
    insert into touched (kind, id) values ('host', new.id);
  end

CREATE TRIGGER touched_host_update after update on host
  begin
    delete from touched where kind = 'host' and id = new.id;
    insert into touched (kind, id) values ('host', new.id);
  end

CREATE TRIGGER touched_policy_delete after delete on policy
  begin
    delete from touched where kind = 'host' and id in (select h.id from host h where h.access ->> 'policyId' = old.id
  or exists (select 1 from json_each(h.access, '$.paths') p where p.value ->> 'access' = old.id));
    insert into touched (kind, id) select 'host', id from (select h.id from host h where h.access ->> 'policyId' = old.id
  or exists (select 1 from json_each(h.access, '$.paths') p where p.value ->> 'access' = old.id));
  end

CREATE TRIGGER touched_policy_update after update on policy
  begin
    delete from touched where kind = 'host' and id in (select h.id from host h where h.access ->> 'policyId' = new.id
  or exists (select 1 from json_each(h.access, '$.paths') p where p.value ->> 'access' = new.id));
    insert into touched (kind, id) select 'host', id from (select h.id from host h where h.access ->> 'policyId' = new.id
  or exists (select 1 from json_each(h.access, '$.paths') p where p.value ->> 'access' = new.id));
  end

CREATE TRIGGER touched_pool_delete after delete on pool
  begin
    delete from touched where kind = 'pool' and id = old.id;
    insert into touched (kind, id) values ('pool', old.id);
  end

CREATE TRIGGER touched_pool_insert after insert on pool
  begin
    delete from touched where kind = 'pool' and id = new.id;
    insert into touched (kind, id) values ('pool', new.id);
  end

CREATE TRIGGER touched_pool_update after update on pool
  begin
    delete from touched where kind = 'pool' and id = new.id;
    insert into touched (kind, id) values ('pool', new.id);
  end

CREATE TRIGGER touched_setting_insert after insert on setting
  begin
    delete from touched where kind = 'setting' and id = '1';
    insert into touched (kind, id) values ('setting', '1');
  end

CREATE TRIGGER touched_setting_update after update on setting
  begin
    delete from touched where kind = 'setting' and id = '1';
    insert into touched (kind, id) values ('setting', '1');
  end
