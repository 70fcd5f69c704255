import { type Call, settingsView } from '@argos/contract'
import { panelUrl } from '../announce.ts'
import { runningInstance } from './run/instance.ts'
import type { Context } from './verb.ts'

/** Where a browser reaches the panel: under its own name when it has one. */
export async function panelAddress(context: Context, call: Call): Promise<string> {
  const config = context.config()
  if (config.panelMode === 'behind_caddy') return panelUrl(config, config.ports.panel)
  const { panelDomain } = (await call(settingsView, {})).settings
  const instance = runningInstance(config)
  const ports = instance?.ports ?? config.ports
  if (panelDomain !== '') return `https://${panelDomain}${ports.https === 443 ? '' : `:${ports.https}`}`
  const told = config.publicAddress !== null
  return told || !instance ? panelUrl(config, ports.panel) : instance.panelUrl
}
