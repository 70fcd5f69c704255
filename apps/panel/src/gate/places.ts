import type { Config } from '../config.ts'

/** How the edge is reached from outside. */
export interface Outside {
  /** As in `https://app.example.com`, with the port where it is not the usual one. */
  originOf(name: string): string
  /** Where people sign in; null while the panel has no name of its own. */
  panelOrigin(panelDomain: string): string | null
}

export function outsideOf({
  panelMode,
  publicAddress,
  ports,
}: Pick<Config, 'panelMode' | 'publicAddress' | 'ports'>): Outside {
  // Behind somebody's own proxy the ports are that proxy's.
  const behind = panelMode === 'behind_caddy'
  const port = behind || ports.https === 443 ? '' : `:${ports.https}`
  const originOf = (name: string) => `https://${name}${port}`
  return {
    originOf,
    panelOrigin: (panelDomain) => {
      if (panelDomain !== '') return originOf(panelDomain)
      return behind && publicAddress !== null ? new URL(publicAddress).origin : null
    },
  }
}
