import type { Host } from '@argos/contract'
import { Check, Copy, ExternalLink, MoreHorizontal, Pause, Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useHostActions } from '../../components/host-actions/HostActions.tsx'
import { HostMenuItems } from '../../components/host-actions/HostMenuItems.tsx'
import { Link } from '../../components/Link.tsx'
import { certificateLight, edgeLight, hostName, publicUrl, upstreamLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { useSystem } from '../../shell/status.ts'
import { Tile } from '../../ui/Badges.tsx'
import { Button, buttonClass, IconButton } from '../../ui/Button.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { hostState } from '../overview/attention.ts'

const says = {
  ok: 'Serving',
  warn: 'Needs you',
  bad: 'Failing',
  busy: 'Going live',
  off: 'Paused',
  unknown: 'Not known',
}

/** Name, facts on one line, and what one can do to the host. */
export function HostHead({ host }: { host: Host }) {
  const { ask, dialog } = useHostActions()
  const name = hostName(host)
  const state = hostState(host)
  const url = publicUrl(name, host.tls, useSystem().data?.ports)
  const certificate = certificateLight(host)
  return (
    <div className="hh">
      <Tile large name={host.poolName} />
      <div className="grow">
        <h1 tabIndex={-1}>
          <span className="cut">{name}</span>
          <CopyIcon text={url ?? name} />
          {url === null ? null : (
            <a
              className={`${buttonClass({ kind: 'ghost', size: 'xs' })} icon`}
              href={url}
              target="_blank"
              rel="noreferrer"
              aria-label={`Open ${name} in a new tab`}
              title="Open in a new tab"
            >
              <ExternalLink />
            </a>
          )}
        </h1>
        <p className="facts">
          <span className="st">
            <StateGlyph state={state} />
            <b>{state in says ? says[state as keyof typeof says] : 'Not known'}</b>
          </span>
          <span>
            {edgeLight(host).words === 'live' ? 'live at the edge' : `edge: ${edgeLight(host).words}`}
          </span>
          <Link className="drill" to={paths.pool(host.poolId)}>
            {host.poolName} {upstreamLight(host).words}
          </Link>
          <span>
            {host.tls === 'none' ? (
              'HTTP only'
            ) : (
              <>
                certificate{' '}
                <Link className="drill" to={paths.hostTab(host.id, 'tls')}>
                  {certificate.words}
                </Link>
              </>
            )}
          </span>
          {host.domains.length < 2 ? null : (
            <span className="phone-hide">
              also <code>{host.domains[1]}</code>
              {host.domains.length > 2 ? ` and ${host.domains.length - 2} more` : ''}
            </span>
          )}
        </p>
      </div>
      <div className="row acts">
        {host.enabled ? (
          <Button icon={<Pause />} onClick={() => ask({ kind: 'pause', hosts: [host] })}>
            Pause…
          </Button>
        ) : (
          <Button icon={<Play />} onClick={() => ask({ kind: 'resume', hosts: [host] })}>
            Resume…
          </Button>
        )}
        <Menu trigger={<Button className="icon more" aria-label="More actions" icon={<MoreHorizontal />} />}>
          <HostMenuItems host={host} ask={ask} />
        </Menu>
      </div>
      {dialog}
    </div>
  )
}

function CopyIcon({ text }: { text: string }) {
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 2_000)
    return () => clearTimeout(timer)
  }, [done])
  if (!isSecureContext) return null
  return (
    <IconButton
      size="xs"
      label={done ? 'Copied' : 'Copy the address'}
      icon={done ? <Check /> : <Copy />}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    />
  )
}
