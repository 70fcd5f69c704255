import type { Host } from '@argos/contract'
import { Lock, LockOpen, MoreHorizontal } from 'lucide-react'
import { memo } from 'react'
import { HostName } from '../../components/HostName.tsx'
import type { HostAction } from '../../components/host-actions/HostActions.tsx'
import { HostMenuItems } from '../../components/host-actions/HostMenuItems.tsx'
import { Link } from '../../components/Link.tsx'
import { accessCell, usePolicies } from '../../components/policies.ts'
import { Ago } from '../../components/Time.tsx'
import { certificateLight, edgeLight, hostName, type Light, upstreamLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { list } from '../../lib/words.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Choice.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { StateGlyph, Status } from '../../ui/StateGlyph.tsx'
import { hostState } from '../overview/attention.ts'

interface Props {
  host: Host
  picked: boolean
  onPick: (id: string) => void
  ask: (action: HostAction) => void
}

const loud = (light: Light) => (light.state === 'bad' || light.state === 'warn' ? light.state : '')

const Lit = ({ light, title }: { light: Light; title?: string | undefined }) => (
  <span className={loud(light)} title={title}>
    <Status state={light.state}>{light.words}</Status>
  </span>
)

export const HostRow = memo(function HostRow({ host, picked, onPick, ask }: Props) {
  const name = hostName(host)
  const gets = accessCell(host.access, usePolicies().nameOf)
  const { trouble, certificate, targets } = host.state
  const why = targets
    .map((t) => `${t.dial} ${t.health?.error ?? t.health?.state ?? 'not checked'}`)
    .join('\n')
  return (
    <tr data-host={host.id} aria-selected={picked} className={host.enabled ? '' : 'paused'}>
      <td>
        <Checkbox quiet label={`Select ${name}`} checked={picked} onChange={() => onPick(host.id)} />
      </td>
      <td>
        <Link className="hostlink" to={paths.host(host.id)}>
          <StateGlyph state={hostState(host)} />
          <HostName name={name} />
          {host.domains.length < 2 ? null : (
            <span title={list(host.domains.slice(1))}>
              <Chip>+{host.domains.length - 1}</Chip>
            </span>
          )}
        </Link>
      </td>
      <td>
        <span className="row" title={why}>
          <Link className="cut" to={paths.pool(host.poolId)}>
            {host.poolName}
          </Link>
          <Lit light={upstreamLight(host)} />
        </span>
      </td>
      <td>
        <Lit light={edgeLight(host)} title={trouble?.message} />
      </td>
      <td>
        <span className="st">
          {gets.open ? <LockOpen className="t3" /> : <Lock className="t3" />}
          <span className="cut" title={gets.words}>
            {gets.words}
            {gets.beside === '' ? null : <span className="t3"> · {gets.beside}</span>}
          </span>
        </span>
      </td>
      <td>
        <Lit light={certificateLight(host)} title={certificate.error ?? certificate.issuer ?? undefined} />
      </td>
      <td className="at-1180">
        <span className="row g1">
          {host.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      </td>
      <td className="t3">
        <Ago at={host.updatedAt} />
      </td>
      <td className="num">
        <Menu
          trigger={
            <Button
              kind="ghost"
              size="xs"
              className="icon more"
              aria-label={`Actions for ${name}`}
              icon={<MoreHorizontal />}
            />
          }
        >
          <HostMenuItems host={host} ask={ask} />
        </Menu>
      </td>
    </tr>
  )
})
