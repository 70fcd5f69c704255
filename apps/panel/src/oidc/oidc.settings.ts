import type { OidcSettingsView, oidcSettingsUpdate } from '@argos/contract'
import { type OidcSettings, OidcSettings as Schema } from '@argos/contract'
import type { Secretbox } from '@argos/secretbox'
import type { Kysely, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Outside } from '../gate/places.ts'
import { settingsStore } from '../settings/settings.store.ts'
import { canonical, noSettings, problemsOf } from './oidc.rules.ts'
import { oidcSessionStore, oidcStore, secretPlace } from './oidc.store.ts'

type Update = z.infer<(typeof oidcSettingsUpdate)['body']>

export interface Known {
  readonly settings: OidcSettings
  readonly version: number
}
export interface OidcSettingsService {
  read(trx?: Kysely<DB>): Promise<Known>
  /** For the token endpoint, and nowhere else. */
  secret(): Promise<string | null>
  /** Where the panel is, as people reach it; null while it has no name. From the settings, never from a request. */
  origin(): Promise<string | null>
  view(): Promise<OidcSettingsView>
  update(actor: Actor, input: Update): Promise<OidcSettingsView>
  switch(actor: Actor, enabled: boolean): Promise<{ enabled: boolean; ended: number }>
}

export interface OidcSettingsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly box: Secretbox
  readonly outside: Outside
  readonly evictions: Pick<Evictions, 'now'>
  /** What is known of the provider is another's now. */
  readonly forget: () => void
}

export function oidcSettings(deps: OidcSettingsDeps): OidcSettingsService {
  const { db, clock, audit, box, outside, evictions, forget } = deps

  const read: OidcSettingsService['read'] = async (trx = db) => {
    const row = await oidcStore(trx).settings()
    return row === null
      ? { settings: noSettings, version: 0 }
      : { settings: Schema.parse(JSON.parse(row.json)), version: row.version }
  }
  const origin = async () => outside.panelOrigin((await settingsStore(db).read()).settings.panelDomain)

  const view = async (): Promise<OidcSettingsView> => {
    const { settings, version } = await read()
    const at = await origin()
    return {
      settings,
      version,
      hasSecret: (await oidcStore(db).secret()) !== null,
      addresses: at === null ? null : addressesAt(at),
      ...(await oidcStore(db).counts(settings.issuer)),
    }
  }

  const write = async (
    trx: Transaction<DB>,
    actor: Actor,
    before: Known,
    after: OidcSettings,
    clientSecret: string | null | undefined,
  ) => {
    const moves = before.settings.issuer !== '' && before.settings.issuer !== after.issuer
    if (moves && clientSecret === undefined && (await oidcStore(trx).secret()) !== null) throw foreignSecret()
    if (!(await oidcStore(trx).write(JSON.stringify(after), before.version))) throw stale()
    if (clientSecret !== undefined)
      await oidcStore(trx).putSecret(
        clientSecret === null ? null : box.seal(secretPlace, clientSecret),
        clock.now(),
      )
    const fields = changed(before.settings, after)
    const off = before.settings.enabled && !after.enabled
    const on = !before.settings.enabled && after.enabled
    const secret = clientSecret === undefined ? [] : ['client secret']
    const named = [...fields.filter((f) => f !== 'enabled').map((f) => wordsOf[f]), ...secret]
    const switched = off ? ['Switched single sign-on off'] : on ? ['Switched single sign-on on'] : []
    const said = named.length === 0 ? [] : [`Changed single sign-on: ${named.join(', ')}`]
    await audit.record(trx, actor, {
      action: 'oidc.update',
      subject: { kind: 'settings', id: null, name: 'Single sign-on' },
      words: [...switched, ...said].join('. ') || 'Saved single sign-on as it was',
      before: pick(before.settings, fields),
      after: pick(after, fields),
    })
    // Sessions that another provider vouched for are nothing to the new one, and none is left once it is off.
    const another = fields.includes('issuer') || fields.includes('clientId')
    return off || another ? oidcSessionStore(trx).endAll() : { sessions: 0, people: [] }
  }
  const afterwards = async ({ people }: { people: readonly string[] }) => {
    forget()
    await evictions.now(...people.map((person) => ({ person })))
  }

  return {
    read,
    origin,
    view,

    async secret() {
      const envelope = await oidcStore(db).secret()
      return envelope === null ? null : box.open(secretPlace, envelope)
    },

    async update(actor, { settings: typed, clientSecret, version }) {
      const settings = canonical(typed)
      const fields = problemsOf(settings, { panelNamed: (await origin()) !== null })
      const [first] = fields
      if (first) throw new AppError('invalid', first.message, { fields })
      const ended = await db.transaction().execute(async (trx) => {
        const before = await read(trx)
        if (before.version !== version) throw stale()
        const ids = settings.groups.map((g) => g.groupId)
        const there = ids.length === 0 ? new Set<string>() : await oidcStore(trx).groupsThere(ids)
        const gone = ids.findIndex((id) => !there.has(id))
        if (gone >= 0) {
          const message = 'There is no such group. Choose another.'
          throw new AppError('invalid', message, {
            fields: [{ path: `settings.groups.${gone}.groupId`, message }],
          })
        }
        return write(trx, actor, before, settings, clientSecret)
      })
      await afterwards(ended)
      return view()
    },

    async switch(actor, enabled) {
      const at = await origin()
      const ended = await db.transaction().execute(async (trx) => {
        const before = await read(trx)
        if (before.settings.enabled === enabled) {
          // Off already; what is left of it, if anything, goes as well.
          return enabled ? { sessions: 0, people: [] } : oidcSessionStore(trx).endAll()
        }
        const after = { ...before.settings, enabled }
        const [wrong] = problemsOf(after, { panelNamed: at !== null })
        // Switching off never fails for what is wrong with the rest.
        if (enabled && wrong) throw new AppError('invalid', wrong.message, { fields: [wrong] })
        return write(trx, actor, before, after, undefined)
      })
      await afterwards(ended)
      return { enabled, ended: ended.sessions }
    },
  }
}

export const addressesAt = (origin: string) => ({
  redirect: `${origin}/login/oidc`,
  afterLogout: `${origin}/login`,
  backchannelLogout: `${origin}/api/v1/oidc/backchannel-logout`,
})

/** The stored one would be shown to the new provider at its first sign-in. */
const foreignSecret = () => {
  const message = 'Enter the client secret of this provider: the one that is stored is the former one’s.'
  return new AppError('invalid', message, { fields: [{ path: 'clientSecret', message }] })
}
const stale = () =>
  new AppError('stale', 'Somebody else changed single sign-on meanwhile. Load it again; nothing was saved.')

type Field = keyof OidcSettings
const wordsOf: Readonly<Record<Field, string>> = {
  enabled: 'whether it is on',
  preset: 'the kind of provider',
  name: 'the name on the button',
  issuer: 'the issuer',
  clientId: 'the client id',
  scopes: 'the scopes',
  emails: 'the addresses that are let in',
  domains: 'the domains that are let in',
  requireVerifiedEmail: 'whether addresses must be verified',
  autoProvision: 'whether accounts are made by themselves',
  groupsClaim: 'the claim with groups',
  groups: 'the mapping of groups',
  admin: 'who is an administrator',
  trustFactor: 'whether the provider’s second factor counts',
  factorAcr: 'what says there was a second factor',
}
const changed = (before: OidcSettings, after: OidcSettings): Field[] =>
  (Object.keys(wordsOf) as Field[]).filter((f) => JSON.stringify(before[f]) !== JSON.stringify(after[f]))
const pick = (settings: OidcSettings, fields: readonly Field[]): Partial<OidcSettings> =>
  Object.fromEntries(fields.map((field) => [field, settings[field]]))
