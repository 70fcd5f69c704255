import type { Config } from '../config.ts'

/** How the edge is reached from outside. */
export interface Outside {
  /** As in `https://app.example.com`, with the port where it is not the usual one. */
  originOf(name: string): string
  /** The same at the proxy of somebody's own that asks us, or null when there is none. */
  originAtProxy(name: string): string | null
  /** Where people sign in; null while the panel has no name of its own. */
  panelOrigin(panelDomain: string): string | null
}

export function outsideOf({
  panelMode,
  publicAddress,
  ports,
  forwardAuth,
}: Pick<Config, 'panelMode' | 'publicAddress' | 'ports' | 'forwardAuth'>): Outside {
  // Behind somebody's own proxy the ports are that proxy's.
  const behind = panelMode === 'behind_caddy'
  const port = behind || ports.https === 443 ? '' : `:${ports.https}`
  const originOf = (name: string) => `https://${name}${port}`
  return {
    originOf,
    originAtProxy: (name) => {
      if (forwardAuth === null) return null
      return `https://${name}${forwardAuth.port === 443 ? '' : `:${forwardAuth.port}`}`
    },
    panelOrigin: (panelDomain) => {
      if (panelDomain !== '') return originOf(panelDomain)
      return behind && publicAddress !== null ? new URL(publicAddress).origin : null
    },
  }
}
