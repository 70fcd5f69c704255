import type { Host } from '@argos/contract'
import { Copy, ExternalLink, Pause, Play, Tag, Trash2 } from 'lucide-react'
import { hostName, publicUrl } from '../../lib/host.ts'
import { useSystem } from '../../shell/status.ts'
import { MenuItem, MenuLine } from '../../ui/Menu.tsx'
import type { HostAction } from './HostActions.tsx'

/** The ⋯ of a host, in the list and on its page. */
export function HostMenuItems({ host, ask }: { host: Host; ask: (action: HostAction) => void }) {
  const url = publicUrl(hostName(host), host.tls, useSystem().data?.ports)
  return (
    <>
      {url === null ? null : (
        <MenuItem icon={<ExternalLink />} link={<a href={url} target="_blank" rel="noreferrer" />}>
          Open {hostName(host)}
        </MenuItem>
      )}
      {host.enabled ? (
        <MenuItem icon={<Pause />} onClick={() => ask({ kind: 'pause', hosts: [host] })}>
          Pause…
        </MenuItem>
      ) : (
        <MenuItem icon={<Play />} onClick={() => ask({ kind: 'resume', hosts: [host] })}>
          Resume…
        </MenuItem>
      )}
      <MenuItem icon={<Tag />} onClick={() => ask({ kind: 'tags', hosts: [host] })}>
        Tags…
      </MenuItem>
      <MenuItem icon={<Copy />} onClick={() => ask({ kind: 'clone', host })}>
        Copy under another name…
      </MenuItem>
      <MenuLine />
      <MenuItem danger icon={<Trash2 />} onClick={() => ask({ kind: 'delete', hosts: [host] })}>
        Delete…
      </MenuItem>
    </>
  )
}
