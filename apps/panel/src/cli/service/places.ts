import { join } from 'node:path'

export const group = 'argos'
export const users = { edge: 'argos-edge', panel: 'argos-panel' } as const
export const unitNames = ['argos-edge.service', 'argos-panel.service'] as const

/** Where the service's parts stand on the system it runs on. Units and settings name these paths, whatever the root is. */
export const at = {
  program: '/usr/local/lib/argos',
  settings: '/etc/argos/argos.env',
  masterKey: '/etc/argos/master-key',
  state: '/var/lib/argos',
  panelData: '/var/lib/argos/panel',
  edgeData: '/var/lib/argos/edge',
  /** What the panel writes for the edge, which may not look into the panel's own folder. */
  shared: '/var/lib/argos/shared',
  logs: '/var/log/argos',
  cache: '/var/cache/argos',
  run: '/run/argos',
  panelRun: '/run/argos/panel',
  edgeRun: '/run/argos/edge',
  units: '/etc/systemd/system',
  command: '/usr/local/bin/argos',
} as const

/** What is fixed for a service; `.env` of a checkout leaves all of it open. Both the panel and the command read it. */
export const fixedVariables: Readonly<Record<string, string>> = {
  ARGOS_DATA_DIR: at.panelData,
  ARGOS_EDGE_DIR: at.edgeData,
  ARGOS_LOG_DIR: at.logs,
  ARGOS_RUN_DIR: at.panelRun,
  ARGOS_EDGE_SOCKET: join(at.edgeRun, 'edge.sock'),
  ARGOS_PANEL_SOCKET: join(at.panelRun, 'panel.sock'),
  ARGOS_SHARED_DIR: at.shared,
  ARGOS_WEB_DIR: join(at.program, 'apps/web/dist'),
  ARGOS_EDGE_BIN: join(at.program, 'bin/argos-edge'),
}

/** The system that is installed into: this one, or another below `root`, as for an image. */
export interface Target {
  readonly root: string
  /** Where a path of that system is from here. */
  path(path: string): string
}
export const targetAt = (root: string): Target => ({
  root,
  path: (path) => (root === '' ? path : join(root, path)),
})
