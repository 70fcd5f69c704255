import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { panelUrl, setupLink } from '../../announce.ts'
import type { Config } from '../../config.ts'
import { newSetupToken } from './setup-token.ts'

/** Where this machine itself reaches the panel. */
export const localPanelUrl = ({ insecureHttp, listen }: Config, panelPort: number): string =>
  panelUrl({ insecureHttp, listen, publicAddress: null }, panelPort)

/** Addresses other machines of the network could use. */
export const lanAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)

/** SHA-256 of the internal CA's root certificate as browsers show it, or null before the edge has made one. */
export function rootFingerprint(edgeDir: string): string | null {
  try {
    const pem = readFileSync(join(edgeDir, 'caddy/pki/authorities/local/root.crt'))
    return new X509Certificate(pem).fingerprint256
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw err
  }
}

/** The lines that end a start: where the panel is, how to trust it, and the one-time setup link while it is needed. */
export async function summary(
  config: Config,
  { url, panelBind, panelPort }: { url: string; panelBind: string; panelPort: number },
): Promise<string[]> {
  const everywhere = panelBind === '' || panelBind === '0.0.0.0' || panelBind === '::'
  const others =
    everywhere && !config.insecureHttp ? lanAddresses().map((a) => `https://${a}:${panelPort}`) : []
  const elsewhere = config.publicAddress === null ? others[0] : panelUrl(config, panelPort)
  const fingerprint = config.insecureHttp ? null : rootFingerprint(config.edgeDir)
  const token = await newSetupToken(config)
  const row = (label: string, value: string) => `  ${label.padEnd(14)}${value}`
  return [
    '',
    row('Panel', url),
    ...others.map((other) => row('', other)),
    ...(fingerprint
      ? [
          row(
            'Certificate',
            "from Argos' own CA until the panel has a domain; your browser asks once. SHA-256 of its root:",
          ),
          row('', fingerprint),
        ]
      : []),
    ...(config.insecureHttp
      ? [
          '',
          '  WARNING: the panel is served over plain HTTP (ARGOS_INSECURE_HTTP=1). Passwords cross the network readable.',
        ]
      : []),
    ...(token
      ? [
          '',
          '  Nobody has an account yet. Make the first one with this link; it works once:',
          `  ${setupLink(elsewhere ?? url, token)}`,
        ]
      : []),
  ]
}
