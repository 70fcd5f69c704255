import type { OidcSettings } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { UserRow } from '../identity/user.store.ts'
import { isLastAdmin } from '../people/last-admin.ts'
import { endLinksBy } from '../people/made-links.ts'
import { accountStore } from './account.store.ts'
import type { Profile } from './oidc.claims.ts'

/** Whom a provider speaks of, and what their claims give. */
type Given = Pick<Profile, 'issuer' | 'sub' | 'groupIds' | 'admin'>

export interface Mapping {
  /** Gives somebody what their claims say, and takes what earlier claims gave. Says whether anything changed. */
  apply(trx: Transaction<DB>, user: UserRow, given: Given, settings: OidcSettings): Promise<boolean>
}

export function mapping({
  audit,
  sessions,
}: {
  audit: Audit
  sessions: Pick<Sessions, 'endAllOf'>
}): Mapping {
  const record = (trx: Transaction<DB>, user: UserRow, settings: OidcSettings, what: Words) =>
    audit.record(
      trx,
      { kind: 'system', name: settings.name },
      { ...what, subject: { kind: 'user', id: user.id, name: user.username } },
    )

  const groups = async (trx: Transaction<DB>, user: UserRow, profile: Given, settings: OidcSettings) => {
    const store = accountStore(trx)
    const before = await store.groupsOf(user.id)
    // A group that was deleted since is nothing to be in.
    const after = profile.groupIds.length === 0 ? [] : await store.groupsNamed(profile.groupIds)
    const names = { before: before.map((g) => g.name), after: after.map((g) => g.name) }
    if (names.before.join('\n') === names.after.join('\n')) return false
    await store.setGroups(
      user.id,
      after.map((g) => g.id),
    )
    const list = names.after.length === 0 ? 'no group' : names.after.join(', ')
    await record(trx, user, settings, {
      action: 'user.groups',
      words: `Put ${user.username} into ${list}, as ${settings.name} says`,
      before: { groups: names.before },
      after: { groups: names.after },
    })
    return true
  }

  const role = async (trx: Transaction<DB>, user: UserRow, profile: Given, settings: OidcSettings) => {
    const store = accountStore(trx)
    const identity = await store.identity(profile.issuer, profile.sub)
    const given = identity?.admin_given === 1
    const gives = profile.admin === true && user.role === 'member'
    // Only what a claim gave is taken: also when the mapping itself is gone.
    const takes =
      profile.admin !== true && given && user.role === 'admin' && !(await isLastAdmin(trx, user.id))
    if (!gives && !takes) return false
    const next = gives ? 'admin' : 'member'
    await store.patchUser(user.id, { role: next })
    await store.update(profile.issuer, profile.sub, { admin_given: gives ? 1 : 0 })
    // Nobody's older session turns into an administrator's.
    await sessions.endAllOf(trx, user.id)
    const ended = gives ? '' : await endLinksBy(trx, user.username)
    await record(trx, user, settings, {
      action: 'user.role',
      words: gives
        ? `Made ${user.username} an administrator, as ${settings.name} says`
        : `Made ${user.username} a member: ${settings.name} no longer says administrator${ended}`,
      before: { role: user.role },
      after: { role: next },
    })
    return true
  }

  return {
    async apply(trx, user, profile, settings) {
      const moved = await groups(trx, user, profile, settings)
      const turned = await role(trx, user, profile, settings)
      return moved || turned
    },
  }
}

interface Words {
  readonly action: string
  readonly words: string
  readonly before: unknown
  readonly after: unknown
}
