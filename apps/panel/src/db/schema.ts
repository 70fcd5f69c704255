import type { Generated } from 'kysely'
import type {
  AccountFailureTable,
  ApiTokenTable,
  AppPasswordTable,
  EdgeSessionTable,
  Flag,
  GroupMemberTable,
  GroupTable,
  GuestLinkTable,
  GuestSessionTable,
  InvitationTable,
  Json,
  KnownDeviceTable,
  LoginChallengeTable,
  OidcIdentityTable,
  PasskeyTable,
  PasswordResetTable,
  PolicyTable,
  PreferenceTable,
  RecoveryCodeTable,
  SealedTable,
  SessionTable,
  TotpTable,
  UserTable,
} from './schema.identity.ts'

export type { SessionTable, UserTable } from './schema.identity.ts'

export interface Meta {
  key: string
  value: string
}
export interface SettingRow {
  id: Generated<number>
  json: Json
  version: number
}
export interface PoolTable {
  id: string
  name: string
  protocol: 'http' | 'https'
  verify_tls: Flag
  preserve_host: Flag
  health: Json
  targets: Json
  version: number
  created_at: number
  updated_at: number
}
export interface HostTable {
  id: string
  name: string
  enabled: Flag
  tls: 'auto' | 'internal' | 'none'
  access: Json
  tags: Json
  note: string
  pool_id: string
  version: number
  created_at: number
  updated_at: number
}
export interface HostDomainTable {
  name: string
  host_id: string
  position: number
}
/** One row a verb that changes what the edge should serve; the highest generation is what is saved. */
export interface ChangeTable {
  generation: Generated<number>
  at: number
  actor_kind: string
  actor_name: string
  words: Json
  hosts: Json
  /** The revision that brought it to the edge. */
  revision: number | null
}
/** One object of a change, in the contract's input form; null where there was or is none. */
export interface ChangeObjectTable {
  generation: number
  kind: 'host' | 'pool' | 'policy' | 'settings'
  id: string
  name: string
  before: Json | null
  after: Json | null
}
/** The one change that is live for now and waits to be kept. */
export interface PendingTable {
  singleton: 1
  id: string
  generation: number
  revision: number | null
  previous: number | null
  at: number
  actor_kind: string
  actor_name: string
  words: Json
  state: 'applying' | 'testing' | 'waiting' | 'keeping' | 'returning'
  /** Why it goes back. */
  reason: string | null
  /** Who asked to keep it or to put it back. */
  asked_by: Json | null
  within_s: number
  deadline: number | null
  extended: Flag
  promises: Json
}
/** What somebody else changed at the edge: the hash it has there, null where they removed it. */
export interface DriftTable {
  kind: 'host' | 'pool' | 'base'
  id: string
  hash: string | null
  since: number
}
/** A filter of a page's list under a name, each person's own. */
export interface SavedViewTable {
  id: string
  user_id: string
  page: string
  name: string
  query: string
  position: number
}
/** The last good JSON of each object, as the edge confirmed it. */
export interface AppliedTable {
  kind: 'host' | 'pool' | 'base'
  id: string
  hash: string
  json: Json
  at: number
}
export interface TroubleTable {
  kind: 'host' | 'pool'
  id: string
  message: string
  field: string | null
  since: number
}
export interface RevisionTable {
  number: Generated<number>
  at: number
  actor_kind: string
  actor_name: string
  words: Json
  kind: 'swap' | 'load'
  outcome: 'live' | 'refused' | 'failed' | 'pending' | 'returned'
  error: string | null
  generation: number
  hosts: Json
  changes: Json
  took_ms: number
}
export interface SetupTokenTable {
  token_hash: string
  created_at: number
  expires_at: number
}
export interface LoginFailureTable {
  id: Generated<number>
  bucket: string
  at: number
}
export interface LoginBanTable {
  bucket: string
  until: number
}
/** Append-only: triggers refuse UPDATE and DELETE, and each row's hash covers the one before. */
export interface AuditTable {
  id: Generated<number>
  at: number
  actor_kind: string
  actor_id: string | null
  actor_name: string
  action: string
  subject_kind: string
  subject_id: string | null
  subject_name: string
  words: string
  address: string | null
  before: Json | null
  after: Json | null
  prev_hash: string
  hash: string
}
export interface OutboxTable {
  id: Generated<number>
  at: number
  type: string
  severity: string
  data: Json
  delivered_at: number | null
}

/** What was written since the applier looked, by triggers. */
export interface TouchedTable {
  seq: Generated<number>
  kind: 'host' | 'pool' | 'setting'
  id: string
}

export interface DB {
  meta: Meta
  setting: SettingRow
  pool: PoolTable
  host: HostTable
  host_domain: HostDomainTable
  change: ChangeTable
  applied: AppliedTable
  trouble: TroubleTable
  revision: RevisionTable
  user: UserTable
  session: SessionTable
  setup_token: SetupTokenTable
  login_failure: LoginFailureTable
  login_ban: LoginBanTable
  audit: AuditTable
  outbox: OutboxTable
  touched: TouchedTable
  change_object: ChangeObjectTable
  pending: PendingTable
  drift: DriftTable
  saved_view: SavedViewTable
  person_group: GroupTable
  group_member: GroupMemberTable
  invitation: InvitationTable
  password_reset: PasswordResetTable
  known_device: KnownDeviceTable
  account_failure: AccountFailureTable
  totp: TotpTable
  recovery_code: RecoveryCodeTable
  passkey: PasskeyTable
  login_challenge: LoginChallengeTable
  oidc_identity: OidcIdentityTable
  policy: PolicyTable
  edge_session: EdgeSessionTable
  app_password: AppPasswordTable
  guest_link: GuestLinkTable
  guest_session: GuestSessionTable
  api_token: ApiTokenTable
  sealed: SealedTable
  preference: PreferenceTable
}
