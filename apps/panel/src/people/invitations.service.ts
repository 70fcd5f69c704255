import type { Invitation, invitationAccept, invitationCreate, invitationOpen, Link } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import type { Finish, SignedIn } from '../identity/finish.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { From } from '../identity/sessions.ts'
import { hashToken, newToken } from '../secrets.ts'
import { type InvitationRow, linkStore } from './links.store.ts'
import { groupsOf, insertUser } from './new-user.ts'
import { peopleStore } from './people.store.ts'
import { roleWords } from './users.service.ts'

const DAY_MS = 24 * 60 * 60_000
const VALID_MS = 7 * DAY_MS
/** How long one that ended is still shown. */
const SHOWN_MS = 30 * DAY_MS

export interface Invitations {
  list(): Promise<{ invitations: Invitation[] }>
  create(
    actor: Actor,
    input: z.output<typeof invitationCreate.body>,
  ): Promise<{ invitation: Invitation; link: Link }>
  remove(actor: Actor, id: string): Promise<void>
  look(token: string): Promise<z.input<typeof invitationOpen.response>>
  /** Makes the account, once, and signs its owner in. */
  accept(
    input: z.output<typeof invitationAccept.body>,
    from: From,
    replaces: Session | null,
  ): Promise<SignedIn>
  tidy(): Promise<void>
}
export interface InvitationsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly passwords: Pick<Passwords, 'hash'>
  readonly finish: Pick<Finish, 'complete'>
}

export function invitationsService({ db, clock, audit, passwords, finish }: InvitationsDeps): Invitations {
  const shown = async (rows: readonly InvitationRow[]): Promise<Invitation[]> => {
    const names = new Map((await peopleStore(db).groups()).map(({ id, name }) => [id, name]))
    return rows.map((row) => ({
      id: row.id,
      role: row.role,
      groups: groupIds(row).flatMap((id) => {
        const name = names.get(id)
        return name === undefined ? [] : [{ id, name }]
      }),
      email: row.email ?? '',
      note: row.note,
      createdAt: row.created_at,
      createdBy: row.created_by,
      expiresAt: row.expires_at,
      usedAt: row.used_at,
      usedBy: row.used_by,
    }))
  }
  const opened = async (on: Kysely<DB>, token: string): Promise<InvitationRow> => {
    const row = await linkStore(on).openInvitation(hashToken(token), clock.now())
    if (row) return row
    throw new AppError(
      'forbidden',
      'This invitation is not valid any more: it was used, taken back or is older than seven days. Ask for another one.',
    )
  }

  return {
    list: async () => ({ invitations: await shown(await linkStore(db).invitations(clock.now() - SHOWN_MS)) }),

    async create(actor, { role, groups, email, note }) {
      const token = newToken()
      const now = clock.now()
      const row: InvitationRow = {
        id: newId('i'),
        token_hash: hashToken(token),
        role,
        groups: JSON.stringify(groups),
        email: email === '' ? null : email,
        note,
        created_at: now,
        created_by: actor.name,
        expires_at: now + VALID_MS,
        used_at: null,
        used_by: null,
      }
      await db.transaction().execute(async (trx) => {
        const named = await groupsOf(trx, groups)
        await linkStore(trx).insertInvitation(row)
        await audit.record(trx, actor, {
          action: 'invitation.create',
          subject: { kind: 'invitation', id: row.id, name: email || note || row.id },
          words: `Invited somebody${email ? ` (${email})` : ''} to be ${roleWords[role]}`,
          after: { role, email, note, groups: named.map(({ name }) => name) },
        })
      })
      const [invitation] = await shown([row])
      if (invitation === undefined) throw new Error('an invitation is shown as one')
      return { invitation, link: { path: `/invitation#token=${token}`, token, expiresAt: row.expires_at } }
    },

    async remove(actor, id) {
      await db.transaction().execute(async (trx) => {
        const store = linkStore(trx)
        const row = await store.invitation(id)
        if (row === undefined) throw new AppError('not_found', 'There is no such invitation.')
        await store.deleteInvitation(id)
        await audit.record(trx, actor, {
          action: 'invitation.delete',
          subject: { kind: 'invitation', id, name: row.email ?? (row.note || id) },
          words: row.used_at === null ? 'Took an invitation back' : 'Forgot an invitation that was used',
        })
      })
    },

    async look(token) {
      const { role, email, created_by, expires_at } = await opened(db, token)
      return { role, email: email ?? '', createdBy: created_by, expiresAt: expires_at }
    },

    async accept({ token, username, password, displayName }, from, replaces) {
      await opened(db, token)
      const passwordHash = await passwords.hash(password)
      return finish.complete<never>(async (trx) => {
        // Looked at again: of two that hold the same link, one makes the account.
        const row = await opened(trx, token)
        const there = (await peopleStore(trx).groups()).map(({ id }) => id)
        const groups = groupIds(row).filter((id) => there.includes(id))
        const { role } = row
        const input = { username, passwordHash, role, displayName, email: row.email ?? '', groups }
        const user = await insertUser(trx, input, clock.now())
        if (!(await linkStore(trx).useInvitation(row.id, username, clock.now())))
          throw new Error('an open invitation was used within this transaction')
        await audit.record(
          trx,
          { kind: 'user', id: user.id, name: username, address: from.address },
          {
            action: 'invitation.accept',
            subject: { kind: 'user', id: user.id, name: username },
            words: `Made their account with an invitation by ${row.created_by}, as ${roleWords[role]}`,
            after: { username, role, invitation: row.id },
          },
        )
        return { proven: { user, method: 'password', from, replaces, factorAt: null } }
      })
    },

    tidy: () => linkStore(db).forget(clock.now() - SHOWN_MS, clock.now()),
  }
}

const groupIds = ({ groups }: InvitationRow): string[] => JSON.parse(groups) as string[]
