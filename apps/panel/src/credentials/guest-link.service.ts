import type { GuestLink, guestLinkCreate } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { HostService } from '../hosts/host.service.ts'
import { newId } from '../id.ts'
import { hashToken, newToken } from '../secrets.ts'
import { guestLinkStore } from './guest-link.store.ts'

const HOUR_MS = 60 * 60_000
const MOST_A_HOST = 200
/** An ended link is shown so long, so that one sees what became of it. */
const SHOWN_MS = 30 * 24 * HOUR_MS

export interface GuestLinks {
  list(hostId: string): Promise<{ guestLinks: GuestLink[] }>
  create(
    actor: Actor,
    hostId: string,
    wish: z.output<typeof guestLinkCreate.body>,
  ): Promise<z.input<typeof guestLinkCreate.response>>
  remove(actor: Actor, id: string): Promise<{ atOnce: boolean }>
  tidy(): Promise<void>
}
export interface GuestLinkDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly hosts: Pick<HostService, 'view'>
  readonly evictions: Pick<Evictions, 'now'>
  readonly httpsPort: number
}

/** One host for whoever has the link, for a time: it is counted, and can be taken back. */
export function guestLinks({ db, clock, audit, hosts, evictions, httpsPort }: GuestLinkDeps): GuestLinks {
  return {
    async list(hostId) {
      await hosts.view(hostId)
      return { guestLinks: await guestLinkStore(db).ofHost(hostId) }
    },

    async create(actor, hostId, { name, paths, hours, mostUses }) {
      const host = await hosts.view(hostId)
      if (host.access.kind === 'public')
        throw new AppError('conflict', 'Everybody can open this host as it is. It needs no guest links.')
      const token = newToken()
      const now = clock.now()
      const id = newId('l')
      const at = host.domains.find((domain) => !domain.startsWith('*.'))
      if (at === undefined)
        throw new AppError('conflict', 'This host has a wildcard only. A link needs a name to lead to.')
      const guestLink = await db.transaction().execute(async (trx) => {
        const store = guestLinkStore(trx)
        if ((await store.ofHost(hostId)).length >= MOST_A_HOST)
          throw new AppError('conflict', `This host has ${MOST_A_HOST} guest links. Take one back first.`)
        await store.insert({
          id,
          host_id: hostId,
          name,
          token_hash: hashToken(token),
          paths: JSON.stringify(paths),
          created_at: now,
          created_by: actor.name,
          expires_at: now + hours * HOUR_MS,
          most_uses: mostUses,
          uses: 0,
        })
        await audit.record(trx, actor, {
          action: 'guest_link.create',
          subject: { kind: 'guest_link', id, name },
          words: `Made a link that opens ${at} to guests for ${hours === 1 ? 'an hour' : `${hours} hours`}`,
          after: { host: at, paths, hours, mostUses },
        })
        return foundIn(await store.get(id))
      })
      const port = httpsPort === 443 ? '' : `:${httpsPort}`
      return { guestLink, url: `https://${at}${port}/_argos/guest?token=${token}` }
    },

    async remove(actor, id) {
      await db.transaction().execute(async (trx) => {
        const store = guestLinkStore(trx)
        const { name, host } = foundIn(await store.get(id))
        await store.delete(id)
        await audit.record(trx, actor, {
          action: 'guest_link.delete',
          subject: { kind: 'guest_link', id, name },
          words: `Took the guest link ${name} to ${host.name} back`,
        })
      })
      return { atOnce: await evictions.now({ session: id }) }
    },

    tidy: () => guestLinkStore(db).forget(clock.now() - SHOWN_MS),
  }
}

function foundIn(found: GuestLink | null): GuestLink {
  if (found) return found
  throw new AppError('not_found', 'There is no such link. It may have been taken back.')
}
