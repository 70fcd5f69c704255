import type { DesiredState } from '@argos/caddy'
import type { Saved, Settings } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply, Checked } from '../apply/apply.types.ts'
import type { Actor } from '../audit/actor.ts'
import type { Commit, Write } from '../changes/commit.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { UpstreamGuard } from '../guard/upstream.ts'
import { problemsOf, problemsOfDirectory } from './settings.rules.ts'
import { settingsStore } from './settings.store.ts'
import { refuse, settingsWrite } from './settings-writes.ts'

interface Versioned {
  readonly settings: Settings
  readonly version: number
}
export interface SettingsService {
  view(): Promise<Versioned>
  update(actor: Actor, input: Versioned, confirmS?: number): Promise<Versioned & { saved: Saved }>
  /** The rules that need no edge. */
  refuseImpossible(settings: Settings): Promise<void>
  /** Those; then the write, over whichever version there is. */
  write(settings: Settings): Promise<Write>
  /** For what reads many features in one transaction. */
  within(trx: Kysely<DB>): { view(): Promise<Versioned> }
}

export function settingsService({
  db,
  apply,
  commit,
  checkUpstream,
  desired,
}: {
  db: Kysely<DB>
  apply: Pick<Apply, 'check'>
  commit: Commit
  /** Where the edge may go for certificates is judged as where it may go for a host. */
  checkUpstream: UpstreamGuard
  desired: (db: Kysely<DB>) => Promise<DesiredState>
}): SettingsService {
  const refuseImpossible = async (settings: Settings) => {
    refuse(problemsOf(settings))
    const { settings: saved } = await settingsStore(db).read()
    if (settings.acmeDirectory !== saved.acmeDirectory)
      refuse(await problemsOfDirectory(settings.acmeDirectory, checkUpstream))
  }
  const within = (trx: Kysely<DB>) => ({ view: () => settingsStore(trx).read() })
  const { view } = within(db)

  return {
    view,
    within,
    refuseImpossible,

    async write(settings) {
      await refuseImpossible(settings)
      return settingsWrite(settings, null)
    },

    async update(actor, { settings, version }, confirmS) {
      await refuseImpossible(settings)
      const saved = await db.transaction().setAccessMode('read only').execute(desired)
      const asked = await apply.check({ ...saved, settings }, { hosts: [], pools: [] })
      refuseRejected(asked)
      const said = await commit(actor, settingsWrite(settings, version), { asked, confirmS })
      return { ...(await view()), saved: said }
    },
  }
}

function refuseRejected({ refused }: Checked): void {
  const fields = refused
    .filter((r) => r.kind === 'settings')
    .map(({ field, message }) => ({ path: field === null ? 'settings' : `settings.${field}`, message }))
  const [first] = fields
  if (first) throw new AppError('rejected_by_edge', first.message, { fields })
}
