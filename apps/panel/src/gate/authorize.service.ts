import type { Authorization } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import { type Door, doorStore } from './host-door.store.ts'
import { mayOpen, policiesOf } from './may-open.ts'
import type { Outside } from './places.ts'
import { pathTarget } from './return-to.ts'
import type { ReturnTargets } from './targets.ts'
import type { Tickets } from './tickets.ts'

export interface Wish {
  readonly host: string
  readonly name?: string | undefined
  readonly rd: string
  readonly state: string
  /** The gate found that only a second factor is missing. */
  readonly factor: boolean
}
export interface Authorize {
  /** Takes the person of a session to a host, or says why not. */
  authorize(session: Session, wish: Wish): Promise<Authorization>
}

export function authorizeService({
  db,
  clock,
  tickets,
  outside,
  targets,
}: {
  db: Kysely<DB>
  clock: Clock
  tickets: Tickets
  outside: Outside
  targets: Pick<ReturnTargets, 'covers'>
}): Authorize {
  const store = doorStore(db)

  const judge = async ({ access }: Door, session: Session, wanted: boolean) => {
    const policies = policiesOf(access)
    if (policies.length === 0) return 'yes'
    const rules = await store.rules(policies)
    const opener = {
      userId: session.userId,
      groups: await store.groupsOf(session.userId),
      factorAt: session.factorAt,
    }
    return mayOpen(
      policies.flatMap((id) => rules.get(id) ?? []),
      opener,
      clock.now(),
      wanted,
    )
  }

  /** A name alone is at the edge; one with the other proxy's port is there. No other port is a target. */
  const placeOf = async (
    { id }: Door,
    asked: string,
  ): Promise<{ readonly name: string; readonly origin: string }> => {
    const atEdge = { name: asked, origin: outside.originOf(asked) }
    const [bare = ''] = asked.split(':')
    const origin = outside.originAtProxy(bare)
    const place = origin !== null && asked === atProxy(origin) ? { name: bare, origin } : atEdge
    if ((await store.byName(place.name))?.id !== id)
      throw new AppError('invalid', 'The host does not have this name.')
    return place
  }

  return {
    async authorize(session, { host, name: asked, rd, state, factor }) {
      const door = await store.byId(host)
      if (door === null)
        throw new AppError('not_found', 'There is no such host, or nobody can sign in to it now.')
      const { name, origin } = await placeOf(door, asked?.toLowerCase() ?? door.name)
      if (!(await targets.covers(name)))
        throw new AppError('forbidden', `The settings let nobody be taken to ${name} after signing in.`)
      const answer = await judge(door, session, factor)
      if (answer === 'no') return { kind: 'denied', name }
      if (answer === 'factor') return { kind: 'factor', name }
      const way = pathTarget(rd) ?? '/'
      // Public by now: its own app would be given the ticket.
      if (door.access.kind === 'public') return { kind: 'go', url: `${origin}${way}` }
      const ticket = tickets.issue({ host, session: session.id, state, rd: way })
      return { kind: 'go', url: `${origin}/_argos/session?ticket=${ticket}` }
    },
  }
}

/** How a name is written that is reached through the other proxy: always with the port. */
export const atProxy = (origin: string): string => {
  const { hostname, port } = new URL(origin)
  return `${hostname}:${port || '443'}`
}
