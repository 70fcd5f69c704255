import { X509Certificate } from 'node:crypto'
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
  desired,
}: {
  db: Kysely<DB>
  clock: Clock
  audit: Audit
  apply: Pick<Apply, 'wake' | 'check' | 'live' | 'status'>
  desired: (db: Kysely<DB>) => Promise<DesiredState>
}): SettingsService {
  return {
    view: () => settingsStore(db).read(),

    async update(actor, { settings, version }) {
      refuse(problemsOf(settings))
      const wouldBe = { ...(await desired(db)), settings }
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
        return { settings, version, saved: { generation: saved, live: inSync } }
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

/** What the schema cannot see. */
function problemsOf({ panelDomain, acmeRootPem }: Settings): FieldError[] {
  return [
    ...(panelDomain.startsWith('*.')
      ? [{ path: 'settings.panelDomain', message: 'The panel needs one name, not a wildcard.' }]
      : []),
    ...(acmeRootPem.trim() === '' || isCertificates(acmeRootPem)
      ? []
      : [
          {
            path: 'settings.acmeRootPem',
            message: 'This is no certificate in PEM form (-----BEGIN CERTIFICATE-----).',
          },
        ]),
  ]
}

function isCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0
  } catch {
    return false
  }
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
