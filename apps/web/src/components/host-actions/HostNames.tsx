import type { Host } from '@argos/contract'
import { hostName } from '../../lib/host.ts'
import { things } from '../../lib/words.ts'

const shown = 8

/** The hosts a decision touches, by name. */
export const HostNames = ({ hosts }: { hosts: readonly Host[] }) =>
  hosts.length < 2 ? null : (
    <ul className="grid gap-1 sm t2" aria-label="Hosts that change">
      {hosts.slice(0, shown).map((host) => (
        <li key={host.id}>{hostName(host)}</li>
      ))}
      {hosts.length > shown ? <li>and {things(hosts.length - shown, 'more', 'more')}</li> : null}
    </ul>
  )
