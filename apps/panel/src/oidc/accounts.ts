import type { OidcSettings } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { type UserRow, userStore } from '../identity/user.store.ts'
import { accountStore } from './account.store.ts'
import type { Email } from './email.ts'
import type { Mapping } from './mapping.ts'
import type { Profile } from './oidc.claims.ts'
import { NotSignedIn } from './oidc.words.ts'

export interface Admitted {
  readonly user: UserRow
  /** What they may has changed: what is remembered of them must go. */
  readonly changed: boolean
}
export interface Accounts {
  /** Who somebody at the provider is here; makes an account where the settings allow it, else refuses. */
  admit(trx: Transaction<DB>, profile: Profile, settings: OidcSettings): Promise<Admitted>
  /** Connects the provider's account with the one that is signed in: the only way an existing one is ever connected. */
  link(
    trx: Transaction<DB>,
    profile: Profile,
    settings: OidcSettings,
    session: Session,
    address: string,
  ): Promise<void>
  unlink(trx: Transaction<DB>, settings: OidcSettings, session: Session, address: string): Promise<void>
  /** Writes down that somebody proved once more who they are. */
  again(trx: Transaction<DB>, settings: OidcSettings, session: Session, address: string): Promise<void>
}

export function accounts({
  audit,
  clock,
  mapping,
}: {
  audit: Audit
  clock: Clock
  mapping: Mapping
}): Accounts {
  const made = async (trx: Transaction<DB>, profile: Profile, settings: OidcSettings): Promise<UserRow> => {
    if (!settings.autoProvision) throw stranger(settings)
    const email = admittedEmail(profile, settings)
    const store = accountStore(trx)
    const now = clock.now()
    const row: UserRow = {
      id: newId('u'),
      username: await freeName(profile.username, (name) => store.nameTaken(name)),
      password_hash: '',
      role: 'member',
      disabled: 0,
      created_at: now,
      display_name: profile.displayName,
      email: email.address,
      password_changed_at: null,
    }
    await store.insertUser(row)
    await store.insert({
      issuer: profile.issuer,
      sub: profile.sub,
      user_id: row.id,
      email: email.address,
      origin: 'made',
      admin_given: 0,
      created_at: now,
      last_at: now,
    })
    await emit(trx, 'user.created', { userId: row.id, username: row.username }, now)
    await audit.record(trx, providerOf(settings), {
      action: 'user.create',
      subject: { kind: 'user', id: row.id, name: row.username },
      words: `Made an account for ${row.username}, who signed in with ${settings.name}`,
      after: { username: row.username, role: row.role, email: email.address },
    })
    return row
  }

  /** What the provider says anew of name and address; whether apps have to be told. */
  const renamed = async (trx: Transaction<DB>, user: UserRow, profile: Profile, settings: OidcSettings) => {
    const before = { email: user.email, displayName: user.display_name }
    const after = {
      email: profile.email?.address ?? null,
      displayName: profile.displayName || user.display_name,
    }
    if (before.email === after.email && before.displayName === after.displayName) return false
    await accountStore(trx).patchUser(user.id, { email: after.email, display_name: after.displayName })
    await audit.record(trx, providerOf(settings), {
      action: 'user.update',
      subject: { kind: 'user', id: user.id, name: user.username },
      words: `Changed ${user.username}’s name or e-mail, as ${settings.name} says`,
      before,
      after,
    })
    return true
  }

  return {
    async admit(trx, profile, settings) {
      if (profile.emailMalformed)
        throw new NotSignedIn(
          'The provider’s e-mail address of you is none that can be read in one way only.',
        )
      if (settings.requireVerifiedEmail && profile.email && !profile.emailVerified) throw unverified(settings)
      const store = accountStore(trx)
      const identity = await store.identity(profile.issuer, profile.sub)
      const found = identity && (await userStore(trx).byId(identity.user_id))
      if (found?.disabled === 1)
        throw new NotSignedIn('Your account here is disabled. Ask whoever runs this.', '', 'forbidden')
      // Off the lists is out at the next sign-in, unless the account is older than the connection.
      if (identity?.origin === 'made') admittedEmail(profile, settings)
      const user = found ?? (await made(trx, profile, settings))
      const now = clock.now()
      await store.update(profile.issuer, profile.sub, { last_at: now, email: profile.email?.address ?? null })
      const told = identity?.origin === 'made' && (await renamed(trx, user, profile, settings))
      const changed = await mapping.apply(trx, user, profile, settings)
      return { user: (await userStore(trx).byId(user.id)) ?? user, changed: changed || told }
    },

    async link(trx, profile, settings, session, address) {
      const store = accountStore(trx)
      const other = await store.identity(profile.issuer, profile.sub)
      if (other?.user_id === session.userId) return
      if (other)
        throw new AppError(
          'conflict',
          `This account of ${settings.name} is connected with somebody else here.`,
        )
      if (await store.linkOf(profile.issuer, session.userId))
        throw new AppError(
          'conflict',
          `Another account of ${settings.name} is connected with yours. Disconnect it first.`,
        )
      const now = clock.now()
      await store.insert({
        issuer: profile.issuer,
        sub: profile.sub,
        user_id: session.userId,
        email: profile.email?.address ?? null,
        origin: 'linked',
        admin_given: 0,
        created_at: now,
        last_at: now,
      })
      await audit.record(trx, actorOf(session, address), {
        action: 'user.link',
        subject: { kind: 'user', id: session.userId, name: session.username },
        words: `Connected the account with ${settings.name}`,
        after: { issuer: profile.issuer, email: profile.email?.address ?? null },
      })
    },

    async unlink(trx, settings, session, address) {
      const store = accountStore(trx)
      const user = await userStore(trx).byId(session.userId)
      const linked = await store.linkOf(settings.issuer, session.userId)
      if (user === undefined || linked === undefined) return
      if (user.password_hash === '' && !(await store.hasPasskey(session.userId)))
        throw new AppError(
          'conflict',
          'You could not sign in any more: your account has neither a password nor a passkey. Add one first.',
        )
      // What its claims gave goes with it: nobody could take it later.
      await mapping.apply(trx, user, { ...linked, groupIds: [], admin: false }, settings)
      await store.unlink(settings.issuer, session.userId)
      await audit.record(trx, actorOf(session, address), {
        action: 'user.unlink',
        subject: { kind: 'user', id: session.userId, name: session.username },
        words: `Disconnected the account from ${settings.name}`,
      })
    },

    again: (trx, { name }, session, address) =>
      audit.record(trx, actorOf(session, address), {
        action: 'session.step_up',
        subject: { kind: 'user', id: session.userId, name: session.username },
        words: `Proved once more with ${name} who they are`,
      }),
  }
}

export const providerOf = ({ name }: OidcSettings): Actor => ({ kind: 'system', name })
const actorOf = ({ userId, username }: Session, address: string): Actor => ({
  kind: 'user',
  id: userId,
  name: username,
  address,
})

/** The address by which the lists admit somebody; empty lists admit nobody (OI-13). */
function admittedEmail({ email }: Profile, settings: OidcSettings): Email {
  const { emails, domains, name } = settings
  if (email === null)
    throw new NotSignedIn(
      `${name} does not say your e-mail address, by which people are let in. Give this application the scope email there.`,
    )
  if (emails.includes(email.address) || domains.includes(email.domain)) return email
  throw new NotSignedIn(
    `${email.address} is not on the list of those who are let in. Ask whoever runs this.`,
    '',
    'forbidden',
  )
}

const stranger = ({ name }: OidcSettings) =>
  new NotSignedIn(
    `No account here is connected with yours at ${name}. Sign in another way and connect it under My account, or ask whoever runs this.`,
    '',
    'forbidden',
  )
const unverified = ({ name }: OidcSettings) =>
  new NotSignedIn(
    `${name} does not say that your e-mail address is verified (\`email_verified\`). Verify it there, or let the provider send that claim.`,
    '',
    'forbidden',
  )

/** A name nobody has: never the account of somebody who is only called the same (OI-12). */
async function freeName(wished: string, taken: (name: string) => Promise<boolean>): Promise<string> {
  const plain = wished
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._@-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 56)
  const base = plain === '' ? 'person' : plain
  if (!(await taken(base))) return base
  for (let n = 2; n < 100; n++) if (!(await taken(`${base}-${n}`))) return `${base}-${n}`
  return newId('u')
}
