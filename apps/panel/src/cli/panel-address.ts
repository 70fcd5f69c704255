import { type Call, settingsView, systemStatus } from '@argos/contract'
import { panelUrl } from '../announce.ts'
import type { Context } from './verb.ts'

/** Where a browser reaches the running panel: under its own name when it has one. */
export async function panelAddress(context: Context, call: Call): Promise<string> {
  const config = context.config()
  const { ports } = await call(systemStatus, {})
  if (config.panelMode === 'behind_caddy') return panelUrl(config, ports.panel)
  const { panelDomain } = (await call(settingsView, {})).settings
  if (panelDomain === '') return panelUrl(config, ports.panel)
  return `https://${panelDomain}${ports.https === 443 ? '' : `:${ports.https}`}`
}
