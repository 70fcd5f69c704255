import type { Config } from './config.ts'

/** Where a browser reaches the panel, by what is known of this machine. */
export function panelUrl(
  config: Pick<Config, 'insecureHttp' | 'listen' | 'publicAddress'>,
  panelPort: number,
): string {
  const { insecureHttp, listen, publicAddress } = config
  if (publicAddress?.includes('://')) return publicAddress
  if (publicAddress === null) return insecureHttp ? `http://${listen}` : `https://127.0.0.1:${panelPort}`
  const host = publicAddress.includes(':') ? `[${publicAddress}]` : publicAddress
  return insecureHttp ? `http://${host}:${listen.replace(/^.*:/, '')}` : `https://${host}:${panelPort}`
}

export const setupLink = (url: string, token: string): string => `${url}/setup#token=${token}`

/** The lines that a panel without a launcher says once it is up. */
export function announcement(config: Config, token: string | null): string[] {
  const url = panelUrl(config, config.ports.panel)
  if (token === null) return [`The panel is at ${url}`]
  return [
    '',
    '  Nobody has an account yet. Make the first one with this link; it works once, for a day:',
    `  ${setupLink(url, token)}`,
    ...(config.publicAddress === null
      ? [
          '  It leads from this machine. For another one, set ARGOS_PUBLIC_ADDRESS to the address of this machine,',
          '  and ARGOS_PANEL_BIND to 0.0.0.0 where the panel is not published to the network yet.',
        ]
      : []),
    '',
  ]
}
