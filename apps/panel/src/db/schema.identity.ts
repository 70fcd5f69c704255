import type { Generated } from 'kysely'

/** Times are milliseconds since the epoch, booleans 0 or 1, `Json` columns text that the stores parse. */
export type Json = string
export type Flag = 0 | 1

export interface UserTable {
  id: string
  username: string
  password_hash: string
  role: 'admin' | 'member'
  disabled: Flag
  created_at: number
  display_name: Generated<string>
  email: string | null
  password_changed_at: number | null
}
export interface SessionTable {
  token_hash: string
  /** What it is called where it is shown; it opens nothing. */
  id: string
  user_id: string
  created_at: number
  last_seen_at: number
  expires_at: number
  address: string
  user_agent: string
  method: 'setup' | 'password' | 'passkey' | 'oidc'
  /** When the person last proved who they are, and when with a second factor. */
  auth_at: number
  factor_at: number | null
  oidc_sid: string | null
  /** Sealed; the provider is given it at the end. */
  oidc_id_token: string | null
}
export interface GroupTable {
  id: string
  name: string
  created_at: number
}
export interface GroupMemberTable {
  group_id: string
  user_id: string
  source: 'manual' | 'oidc'
}
export interface InvitationTable {
  id: string
  token_hash: string
  role: 'admin' | 'member'
  groups: Json
  email: string | null
  note: string
  created_at: number
  created_by: string
  expires_at: number
  used_at: number | null
  used_by: string | null
}
export interface PasswordResetTable {
  token_hash: string
  user_id: string
  created_at: number
  created_by: string
  expires_at: number
}
/** A browser from which somebody has signed in before. */
export interface KnownDeviceTable {
  token_hash: string
  user_id: string
  created_at: number
  last_at: number
}
export interface AccountFailureTable {
  id: Generated<number>
  user_id: string
  kind: 'password' | 'factor'
  at: number
}
export interface TotpTable {
  user_id: string
  /** Sealed. */
  secret: string
  created_at: number
  confirmed_at: number | null
  /** The newest time step that was accepted. */
  last_step: number | null
}
export interface RecoveryCodeTable {
  user_id: string
  position: number
  /** Sealed, and a hash inside. */
  hash: string
  used_at: number | null
}
export interface PasskeyTable {
  id: string
  /** The authenticator's own, base64url. */
  credential_id: string
  user_id: string
  /** The name of the panel that it was made for, and works at. */
  rp_id: string
  name: string
  public_key: string
  counter: number
  transports: Json
  backed_up: Flag
  created_at: number
  last_used_at: number | null
}
export interface LoginChallengeTable {
  id_hash: string
  user_id: string
  created_at: number
  expires_at: number
  method: 'password' | 'oidc'
  state: Json
}
export interface OidcIdentityTable {
  issuer: string
  sub: string
  user_id: string
  email: string | null
  /** Connected by its owner, or made for whom the lists admit. */
  origin: 'linked' | 'made'
  /** Whether a claim made them an administrator: then it can take that again. */
  admin_given: Flag
  created_at: number
  last_at: number
}
export interface PolicyTable {
  id: string
  name: string
  rules: Json
  version: number
  created_at: number
  updated_at: number
}
/** What a host's own cookie stands for. */
export interface EdgeSessionTable {
  token_hash: string
  host_id: string
  session_id: string
  created_at: number
  expires_at: number
}
export interface AppPasswordTable {
  id: string
  user_id: string
  host_id: string
  name: string
  token_hash: string
  paths: Json
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  last_address: string | null
}
export interface GuestLinkTable {
  id: string
  host_id: string
  name: string
  token_hash: string
  paths: Json
  created_at: number
  created_by: string
  expires_at: number
  most_uses: number | null
  uses: number
  last_used_at: number | null
}
export interface GuestSessionTable {
  token_hash: string
  guest_link_id: string
  created_at: number
  expires_at: number
}
export interface ApiTokenTable {
  id: string
  user_id: string
  name: string
  token_hash: string
  scopes: Json
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  last_address: string | null
}
export interface SealedTable {
  name: string
  envelope: string
  at: number
}
/** Settings that the edge is not given. */
export interface PreferenceTable {
  name: string
  json: Json
  version: number
}
