import type { Host } from '@argos/contract'
import { HostName } from '../../components/HostName.tsx'
import { Link } from '../../components/Link.tsx'
import { hostName, worstLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { hostState } from './attention.ts'

const shown = 36
const order = ['bad', 'warn', 'busy', 'unknown', 'ok', 'off']

/** "9 answer, 2 fail, 1 paused". */
export function hostCounts(hosts: readonly Host[]): string {
  const n = (...states: readonly string[]) => hosts.filter((h) => states.includes(hostState(h))).length
  const parts = [
    [n('ok', 'busy'), 'well'],
    [n('warn'), 'need you'],
    [n('bad'), 'failing'],
    [n('unknown'), 'not checked'],
    [n('off'), 'paused'],
  ] as const
  return parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ')
}

/** Every host with its one state, failing ones first; beyond a screenful the list takes over. */
export function HostGrid({ hosts }: { hosts: readonly Host[] }) {
  const sorted = hosts.toSorted(
    (a, b) =>
      order.indexOf(hostState(a)) - order.indexOf(hostState(b)) ||
      hostName(a).localeCompare(hostName(b), 'en'),
  )
  const rest = sorted.length - shown
  return (
    <ul className="hgrid">
      {sorted.slice(0, shown).map((host) => {
        const state = hostState(host)
        const words = worstLight(host).words
        return (
          <li key={host.id}>
            <Link to={paths.host(host.id)}>
              <StateGlyph state={state} />
              <HostName name={hostName(host)} />
              <span className={`end sm nowrap ${state === 'bad' || state === 'warn' ? state : 't3'}`}>
                {words}
              </span>
            </Link>
          </li>
        )
      })}
      {rest > 0 ? (
        <li>
          <Link className="link" to={paths.hosts()}>
            {rest} more
          </Link>
        </li>
      ) : null}
    </ul>
  )
}
