import { ReturnLimits } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import { doorStore } from './host-door.store.ts'
import type { Outside } from './places.ts'
import { returnTarget } from './return-to.ts'

const NAME = 'return_limits'
const NAMED = /^https:\/\/([A-Za-z0-9._-]{1,253})(?:[:/?#]|$)/

export interface ReturnTargets {
  /**
   * Where somebody may be sent after they signed in: a path of the panel, the panel, or an enabled host over HTTPS;
   * null for anything else. Asked when a sign-in starts and again when it is used.
   */
  of(raw: unknown): Promise<string | null>
  /** Whether people may be taken to hosts of this name. */
  covers(name: string): Promise<boolean>
  limits(): Promise<ReturnLimits>
  limit(actor: Actor, limits: ReturnLimits): Promise<ReturnLimits>
}

export function returnTargets({
  db,
  audit,
  outside,
}: {
  db: Kysely<DB>
  audit: Pick<Audit, 'record'>
  outside: Outside
}): ReturnTargets {
  const doors = doorStore(db)
  const read = async (from: Kysely<DB>): Promise<ReturnLimits> => {
    const row = await from.selectFrom('preference').select('json').where('name', '=', NAME).executeTakeFirst()
    return row ? ReturnLimits.parse(JSON.parse(row.json)) : { parentDomain: '' }
  }
  const below = ({ parentDomain }: ReturnLimits, name: string) =>
    parentDomain === '' || name === parentDomain || name.endsWith(`.${parentDomain}`)

  return {
    async of(raw) {
      const [, typed = ''] = typeof raw === 'string' ? (NAMED.exec(raw) ?? []) : []
      const name = typed.toLowerCase()
      const there = name !== '' && (await doors.byName(name)) !== null && below(await read(db), name)
      return returnTarget(raw, {
        panelOrigin: outside.panelOrigin(await doors.panelDomain()),
        origins: new Set(there ? [outside.originOf(name)] : []),
      })
    },
    covers: async (name) => below(await read(db), name),
    limits: () => read(db),
    limit: (actor, limits) =>
      db.transaction().execute(async (trx) => {
        const before = await read(trx)
        if (before.parentDomain === limits.parentDomain) return before
        const json = JSON.stringify(limits)
        await trx
          .insertInto('preference')
          .values({ name: NAME, json, version: 1 })
          .onConflict((c) =>
            c.column('name').doUpdateSet((eb) => ({ json, version: eb('preference.version', '+', 1) })),
          )
          .execute()
        await audit.record(trx, actor, {
          action: 'return-limits.update',
          subject: { kind: 'settings', id: null, name: 'Single sign-on' },
          words:
            limits.parentDomain === ''
              ? 'Let people be taken to every published host after they sign in'
              : `Let people be taken only to hosts under ${limits.parentDomain} after they sign in`,
          ...{ before, after: limits },
        })
        return limits
      }),
  }
}
