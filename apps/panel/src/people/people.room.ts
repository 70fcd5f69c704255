import type { FactorProof } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Routes } from '../http/route.ts'
import type { Session } from '../http/visitor.ts'
import type { AccountLimiter } from '../identity/account-limiter.ts'
import type { Asked, Finish } from '../identity/finish.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { Sessions } from '../identity/sessions.ts'
import { accountRoutes } from './account.routes.ts'
import { accountService } from './account.service.ts'
import { groupsService } from './groups.service.ts'
import { invitationsService } from './invitations.service.ts'
import { limitsService } from './limits.service.ts'
import { ownPasswords } from './passwords.service.ts'
import { peopleRoutes } from './people.routes.ts'
import { usersService } from './users.service.ts'

export interface PeopleRoomDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly accounts: AccountLimiter
  readonly evictions: Pick<Evictions, 'now'>
  readonly finish: Pick<Finish, 'complete'>
  readonly identity: Pick<Identity, 'me'>
  /** Throws when it is wrong. */
  readonly proveFactor: (
    session: Session,
    proof: FactorProof,
    from: { readonly asked: Asked; readonly address: string },
  ) => Promise<void>
}
export interface PeopleRoom {
  readonly routes: readonly Routes[]
  tidy(): Promise<void>
}

/** People, groups, links and everybody's own account, wired. */
export function peopleRoom(deps: PeopleRoomDeps): PeopleRoom {
  const { accounts, identity } = deps
  const users = usersService(deps)
  const groups = groupsService(deps)
  const invitations = invitationsService(deps)
  const passwords = ownPasswords(deps)
  const limits = limitsService(deps)
  const account = accountService({ ...deps, passwords })
  return {
    routes: [
      peopleRoutes({ users, groups, invitations, passwords, limits }),
      accountRoutes({ identity, account, invitations, passwords }),
    ],
    async tidy() {
      await invitations.tidy()
      await accounts.tidy()
    },
  }
}
