import { type Me, type Role, Username } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session, Visitor } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { hashToken } from '../secrets.ts'
import type { AccountLimiter, AccountTry } from './account-limiter.ts'
import type { Asked, Finish, Finished, SignedIn } from './finish.ts'
import type { LoginLimiter } from './login-limiter.ts'
import type { Passwords } from './passwords.ts'
import { pendingOf } from './pending.ts'
import type { From, Sessions } from './sessions.ts'
import { type UserRow, userStore } from './user.store.ts'

interface Credentials {
  readonly username: string
  readonly password: string
}
export interface Identity {
  setupNeeded(): Promise<boolean>
  setupTokenFits(token: string): Promise<boolean>
  /** Makes the first administrator, once, with the token from the console, and signs them in. */
  setup(input: Credentials & { readonly token: string }, from: From): Promise<SignedIn>
  /** Signs in, or asks for the second factor of who has one. */
  login(input: Credentials, from: From, replaces: Session | null, asked: Asked): Promise<Finished>
  logout(session: Session, address: string): Promise<void>
  me(session: Session, visitor: Pick<Visitor, 'secure'>): Promise<Me>
  /** The administrator named by the environment, when there is nobody yet. Says whether it was made. */
  ensureInitialAdmin(admin: Credentials): Promise<boolean>
}
export interface IdentityDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly limiter: LoginLimiter
  readonly accounts: AccountLimiter
  readonly evictions: Pick<Evictions, 'now'>
  readonly finish: Finish
  readonly readOnly: boolean
}

export function identityService({
  db,
  clock,
  audit,
  sessions,
  passwords,
  limiter,
  accounts,
  evictions,
  finish,
  readOnly,
}: IdentityDeps): Identity {
  const createUser = async (
    trx: Transaction<DB>,
    input: { username: string; passwordHash: string; role: Role },
    actorOf: (id: string) => Actor,
  ): Promise<UserRow> => {
    const store = userStore(trx)
    if (await store.any()) throw new AppError('conflict', 'Argos is set up already. Sign in instead.')
    const { username, passwordHash: password_hash, role } = input
    const row = {
      id: newId('u'),
      username,
      password_hash,
      role,
      disabled: 0,
      created_at: clock.now(),
      display_name: '',
      email: null,
      password_changed_at: clock.now(),
    } as const
    await store.insert(row)
    await store.dropSetupTokens()
    await emit(trx, 'user.created', { userId: row.id, username }, clock.now())
    await audit.record(trx, actorOf(row.id), {
      action: 'user.create',
      subject: { kind: 'user', id: row.id, name: username },
      words: `Made the first administrator, ${username}`,
      after: { username, role },
    })
    return row
  }

  return {
    setupNeeded: async () => !(await userStore(db).any()),
    setupTokenFits: (token) => userStore(db).setupTokenFits(hashToken(token), clock.now()),

    async setup({ token, username, password }, from) {
      const tokenHash = hashToken(token)
      if (await userStore(db).any())
        throw new AppError('conflict', 'Argos is set up already. Sign in instead.')
      if (!(await userStore(db).setupTokenFits(tokenHash, clock.now()))) throw wrongToken()
      const passwordHash = await passwords.hash(password)
      return finish.complete<never>(async (trx) => {
        // Looked at again: of two that hold the same link, one makes the account.
        if (!(await userStore(trx).setupTokenFits(tokenHash, clock.now()))) throw wrongToken()
        const user = await createUser(trx, { username, passwordHash, role: 'admin' }, (id) => ({
          kind: 'user',
          id,
          name: username,
          address: from.address,
        }))
        return { proven: { user, method: 'setup', from, replaces: null, factorAt: null } }
      })
    },

    async login({ username, password }, from, replaces, asked) {
      const store = userStore(db)
      if (!(await store.any())) {
        throw new AppError(
          'setup_required',
          'Nobody has an account yet. Open the setup link from the console.',
        )
      }
      const attempt = await limiter.begin(from.address)
      const name = Username.safeParse(username)
      const user = name.success ? await store.byName(name.data) : undefined
      let fits: boolean
      let guess: AccountTry | null = null
      try {
        if (user) guess = await accounts.begin(user.id, from.device)
        // Whatever is wrong costs one hash, and gets the same answer (LG-07).
        fits = await passwords.verify(password, guess && user ? user.password_hash : null)
      } catch (err) {
        await attempt.withdrawn()
        await guess?.right()
        throw err
      }
      if (!fits || guess === null || user === undefined || user.disabled === 1) {
        await attempt.failed(user?.username ?? null)
        throw new AppError('unauthenticated', 'Name or password is not right.')
      }
      return finish.signIn(asked, async (trx) => {
        const now = await userStore(trx).byId(user.id)
        // Hashing takes its time: the account may have changed meanwhile.
        if (now === undefined || now.disabled === 1 || now.password_hash !== user.password_hash) {
          throw new AppError('unauthenticated', 'Name or password is not right.')
        }
        await attempt.withdrawn(trx)
        await guess.right(trx)
        return { user: now, method: 'password', from, replaces, factorAt: null }
      })
    },

    async logout(session, address) {
      await db.transaction().execute(async (trx) => {
        await sessions.end(trx, session.tokenHash)
        await audit.record(trx, actor(session, address), {
          action: 'logout',
          subject: { kind: 'user', id: session.userId, name: session.username },
          words: 'Signed out',
        })
      })
      await evictions.now({ session: session.id })
    },

    async me(session, { secure }) {
      const user = await userStore(db).byId(session.userId)
      if (user === undefined) throw new AppError('unauthenticated', 'Sign in first.')
      const { id, username, role, display_name: displayName, email, password_hash } = user
      const { authAt, factorAt } = session
      return {
        user: { id, username, role, displayName, email: email ?? '', hasPassword: password_hash !== '' },
        session: { id: session.id, authAt, factorAt },
        csrfToken: sessions.csrfToken(session),
        // What is left of the installation is the administrators' to do.
        pending: role === 'admin' ? await pendingOf(db) : [],
        warnings: [
          ...(readOnly ? (['wrong_key'] as const) : []),
          ...(secure ? [] : (['insecure_http'] as const)),
        ],
      }
    },

    async ensureInitialAdmin({ username, password }) {
      if (await userStore(db).any()) return false
      const passwordHash = await passwords.hash(password)
      await db.transaction().execute((trx) =>
        createUser(trx, { username, passwordHash, role: 'admin' }, () => ({
          kind: 'system',
          name: 'environment',
        })),
      )
      return true
    },
  }
}

const actor = (session: Session, address: string): Actor => ({
  kind: 'user',
  id: session.userId,
  name: session.username,
  address,
})

const wrongToken = () =>
  new AppError(
    'forbidden',
    'This setup link is not valid any more. `./argos setup-link` on the console prints a new one.',
  )
