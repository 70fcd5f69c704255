import { join } from 'node:path'
import { edgeArguments, edgeVariables, nodeFlags } from '../run/programs.ts'
import { at, group, users } from './places.ts'

/** Longer than the edge gives open requests, and the panel its workers. */
const STOP_S = 30

export interface Told {
  readonly httpPort: number
  readonly bind: string
}

/** What both may do to the machine: nothing but their own folders, sockets and the network. */
const confined = `
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
# Netlink tells them the machine's addresses.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM`.trimStart()

const restarts = `
Restart=on-failure
RestartSec=1
TimeoutStartSec=60
TimeoutStopSec=${STOP_S}`.trimStart()

/** After ten starts within five minutes it stays down, and \`systemctl status\` says why. */
const limits = `
StartLimitIntervalSec=300
StartLimitBurst=10`.trimStart()

const head =
  '# Written by `argos service install`, which overwrites it. Changes of your own: `systemctl edit`.'

export const edgeUnit = ({ httpPort, bind }: Told): string => `${head}
[Unit]
Description=Argos, the edge: serves the published hosts
Wants=network-online.target
After=network-online.target
${limits}

[Service]
Type=exec
User=${users.edge}
Group=${group}
ExecStart=${command(join(at.program, 'bin/argos-edge'), edgeArguments(at.program, at.edgeData, at.edgeRun))}
${Object.entries(edgeVariables(httpPort, bind))
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  .join('\n')}
WorkingDirectory=${at.edgeData}
LimitNOFILE=65536
${restarts}

StateDirectory=argos/edge
StateDirectoryMode=0700
RuntimeDirectory=argos/edge
RuntimeDirectoryMode=0750
LogsDirectory=argos
LogsDirectoryMode=0750

# Ports 80 and 443, and no other privilege.
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
MemoryDenyWriteExecute=yes
# Logs are for the group to read; everything else has modes of its own.
UMask=0027
${confined}

[Install]
WantedBy=multi-user.target
`

export const panelUnit = (): string => `${head}
[Unit]
Description=Argos, the panel
Wants=argos-edge.service
After=argos-edge.service
${limits}

[Service]
Type=exec
User=${users.panel}
Group=${group}
ExecStart=${command(join(at.program, 'bin/node'), [...nodeFlags, join(at.program, 'apps/panel/src/main.ts')])}
WorkingDirectory=${at.panelData}
# Settings; then what is fixed, which wins. The master key is a file for this service alone, in neither of them.
EnvironmentFile=${at.settings}
EnvironmentFile=${join(at.program, 'service.env')}
LoadCredential=master-key:${at.masterKey}
Environment=NODE_ENV=production NODE_COMPILE_CACHE=${at.cache}
LimitNOFILE=16384
${restarts}
# A configuration that is not usable stays so until it is changed.
RestartPreventExitStatus=78

StateDirectory=argos/panel
StateDirectoryMode=0700
RuntimeDirectory=argos/panel
RuntimeDirectoryMode=0750
CacheDirectory=argos
CacheDirectoryMode=0700
ReadWritePaths=${at.shared}

# None at all. Node writes the code it runs, so MemoryDenyWriteExecute= is for the edge alone.
AmbientCapabilities=
CapabilityBoundingSet=
PrivateUsers=yes
UMask=0077
${confined}

[Install]
WantedBy=multi-user.target
`

/** systemd's quoting: percent signs name its own values, and a dollar sign a variable. */
const quoted = (text: string): string => {
  const safe = text.replaceAll('%', '%%')
  return /["'\\\s]/.test(safe) ? `"${safe.replaceAll(/["\\]/g, '\\$&')}"` : safe
}
const command = (program: string, args: readonly string[]): string =>
  [program, ...args].map((word) => quoted(word).replaceAll('$', '$$$$')).join(' ')
