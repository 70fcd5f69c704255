import { parseEnv } from 'node:util'
import { type Config, loadConfig } from '../../config.ts'
import type { Environment } from '../verb.ts'
import { at, fixedVariables } from './places.ts'

/** Settings of a checkout that hold for the service as well. The others are fixed, or the master key. */
const carried = [
  'ARGOS_HTTP_PORT',
  'ARGOS_HTTPS_PORT',
  'ARGOS_PANEL_PORT',
  'ARGOS_BIND',
  'ARGOS_PANEL_BIND',
  'ARGOS_PANEL_MODE',
  'ARGOS_PUBLIC_ADDRESS',
  'ARGOS_CALL_NETWORKS',
  'ARGOS_TRUSTED_PROXIES',
  'ARGOS_INSECURE_HTTP',
  'ARGOS_LISTEN',
  'ARGOS_FORWARD_AUTH_LISTEN',
  'ARGOS_FORWARD_AUTH_SECRET',
  'ARGOS_FORWARD_AUTH_PORT',
  'ARGOS_LOG_LEVEL',
] as const

const head = `# Settings of the Argos service; docs/operations.md explains every name. After a change:
#   systemctl restart argos-panel
# The master key is ${at.masterKey}, and no line of this file.
`

/** The text of a first settings file: what the checkout was told, and nothing it was not. */
export function firstSettings(env: Environment, lan: boolean): string {
  const lines = carried
    .map((name) => [name, name === 'ARGOS_PANEL_BIND' && lan ? '0.0.0.0' : env[name]?.trim()] as const)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}\n`)
  return `${head}${lines.join('')}`
}

/** What the panel will make of a settings file. Throws a ConfigError that names every problem. */
export const configOf = (settings: string, masterKeyFile: string): Config =>
  loadConfig({ ...parseEnv(settings), ...fixedVariables, ARGOS_MASTER_KEY_FILE: masterKeyFile })

/** Read by systemd and by the shell: plain names and paths. */
export const serviceEnv = (): string =>
  [
    '# Fixed for the service, whatever argos.env says.',
    ...Object.entries({
      ...fixedVariables,
      // Where systemd puts it for the panel alone.
      ARGOS_MASTER_KEY_FILE: '/run/credentials/argos-panel.service/master-key',
    }).map(([name, value]) => `${name}=${value}`),
    '',
  ].join('\n')
