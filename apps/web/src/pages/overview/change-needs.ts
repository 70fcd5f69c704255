import type { EndedChange, Host, PendingChange, SystemStatus } from '@argos/contract'
import { theOneBefore, thisOne } from '../../components/dock/words.ts'
import { driftedWhat, hostName } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { list } from '../../lib/words.ts'
import type { Need } from './need.ts'

/** The change that waits and how the last one ended, as the panel says them. */
export interface Waiting {
  readonly pending: PendingChange | null
  readonly last: EndedChange | null
}

const day = 86_400_000
const shownNames = 3

const revisionPage = (revision: number | null): string =>
  revision === null ? paths.changes() : paths.changes({ open: String(revision) })

/** A change waits for a word, or one went back without anybody having asked for it. */
export function changeNeeds({ pending, last }: Waiting, now: number): readonly Need[] {
  const needs: Need[] = []
  if (pending !== null) {
    needs.push({
      id: 'pending',
      state: 'warn',
      thing: capital(thisOne(pending)),
      verb: 'waits to be kept',
      why: `${pending.words.join('. ')}. Without an answer ${theOneBefore(pending)} comes back by itself.`,
      since: pending.at,
      action: { label: 'Show it', to: revisionPage(pending.revision) },
    })
  }
  if (last?.outcome === 'returned' && !wished(last) && now - last.at < day) {
    needs.push({
      id: 'returned',
      state: 'warn',
      thing: capital(thisOne(last)),
      verb: 'went back',
      why: `${last.reason ?? ''} It was: ${last.words.join('. ')}.`.trim(),
      since: last.at,
      action: { label: 'Show it', to: revisionPage(last.revision) },
    })
  }
  return needs
}

/** "ada put it back." is what somebody wanted, so it asks for nobody. */
const wished = ({ reason }: EndedChange): boolean => /\bput (it )?back\.?$/.test(reason ?? '')
const capital = (text: string): string =>
  /^r\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)

/** Somebody changed the edge past the panel. */
export function driftNeeds({ edge }: Pick<SystemStatus, 'edge'>, hosts: readonly Host[]): readonly Need[] {
  if (edge.drifted === 0) return []
  const drifted = hosts.filter((host) => host.state.edge === 'drifted').map(hostName)
  const rest = drifted.length - shownNames
  const names = [...drifted.slice(0, shownNames), ...(rest > 0 ? [`${rest} more`] : [])]
  return [
    {
      id: 'drift',
      state: 'warn',
      thing: 'Somebody',
      verb: `changed ${driftedWhat(edge, hosts)} at the edge by hand`,
      why: `${names.length === 0 ? '' : `${list(names)}. `}It stays as it is until you put it back or adopt it.`,
      since: null,
      action: { label: 'Look at it', to: paths.drift() },
    },
  ]
}
