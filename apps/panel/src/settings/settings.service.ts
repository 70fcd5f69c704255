import type { DesiredState } from '@argos/caddy'
import type { FieldError, Saved, Settings } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply, Checked } from '../apply/apply.types.ts'
import { savedAs } from '../apply/saved.ts'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { UpstreamGuard } from '../guard/upstream.ts'
import { problemsOf, problemsOfDirectory } from './settings.rules.ts'
import { settingsStore } from './settings.store.ts'
import { changedFields, settingsWords } from './settings.words.ts'

interface Versioned {
  readonly settings: Settings
  readonly version: number
}
export interface SettingsService {
  view(): Promise<Versioned>
  update(actor: Actor, input: Versioned): Promise<Versioned & { saved: Saved }>
}

export function settingsService({
  db,
  clock,
  audit,
  apply,
  checkUpstream,
  desired,
}: {
  db: Kysely<DB>
  clock: Clock
  audit: Audit
  apply: Pick<Apply, 'wake' | 'check' | 'live' | 'status'>
  /** Where the edge may go for certificates is judged as where it may go for a host. */
  checkUpstream: UpstreamGuard
  desired: (db: Kysely<DB>) => Promise<DesiredState>
}): SettingsService {
  return {
    view: () => settingsStore(db).read(),

    async update(actor, { settings, version }) {
      refuse(problemsOf(settings))
      const saved = await db.transaction().setAccessMode('read only').execute(desired)
      if (settings.acmeDirectory !== saved.settings.acmeDirectory)
        refuse(await problemsOfDirectory(settings.acmeDirectory, checkUpstream))
      const wouldBe = { ...saved, settings }
      const asked = await apply.check(wouldBe, { hosts: [], pools: [] })
      refuseRejected(asked)

      const generation = await db.transaction().execute(async (trx) => {
        const store = settingsStore(trx)
        const { settings: before, version: current } = await store.read()
        if (current !== version) throw stale()
        if (settings.panelDomain !== '' && (await store.nameIsTaken(settings.panelDomain))) {
          const message = `A host is published as ${settings.panelDomain} already; the panel needs a name of its own.`
          refuse([{ path: 'settings.panelDomain', message }])
        }
        const fields = changedFields(before, settings)
        if (fields.length === 0) return null
        if (!(await store.write(settings, version))) throw stale()
        const words = settingsWords(before, settings)
        await audit.record(trx, actor, {
          action: 'settings.update',
          subject: { kind: 'settings', id: null, name: 'Settings' },
          words: words.join('. '),
          before: pick(before, fields),
          after: pick(settings, fields),
        })
        await emit(trx, 'settings.changed', { fields }, clock.now())
        return recordChange(trx, actor, { words, hosts: [] }, clock.now())
      })
      if (generation === null) {
        const { saved, inSync } = await apply.status()
        return { settings, version, saved: { generation: saved, live: inSync, pending: null } }
      }
      return { settings, version: version + 1, saved: await savedAs(apply, generation, { asked }) }
    },
  }
}

const stale = () =>
  new AppError('stale', 'Somebody else changed the settings meanwhile. Load them again; nothing was saved.')

function refuse(fields: readonly FieldError[]): void {
  const [first] = fields
  if (first) throw new AppError('invalid', first.message, { fields })
}

function refuseRejected({ refused }: Checked): void {
  const fields = refused
    .filter((r) => r.kind === 'settings')
    .map(({ field, message }) => ({ path: field === null ? 'settings' : `settings.${field}`, message }))
  const [first] = fields
  if (first) throw new AppError('rejected_by_edge', first.message, { fields })
}

const pick = (settings: Settings, fields: readonly (keyof Settings)[]): Partial<Settings> =>
  Object.fromEntries(fields.map((field) => [field, settings[field]]))
