import { createHash } from 'node:crypto'
import type { Settings } from '@argos/contract'
import { changedFields } from './settings.words.ts'

/** One sentence for each effect of a change of the settings. */
export function settingsEffects(before: Settings, after: Settings): string[] {
  const words: Record<keyof Settings, () => string> = {
    panelDomain: () =>
      after.panelDomain === ''
        ? `The panel no longer answers at ${before.panelDomain}, only at its own port.`
        : before.panelDomain === ''
          ? `The panel answers at https://${after.panelDomain} as well.`
          : `The panel moves from ${before.panelDomain} to ${after.panelDomain}; the old name gets a 404.`,
    panelTls: () =>
      after.panelTls === 'auto'
        ? "The panel's certificate is requested from the ACME CA."
        : "The panel's certificate comes from Argos' own CA: browsers warn until they trust it.",
    acmeDirectory: () =>
      after.acmeDirectory === ''
        ? 'New certificates come from the default authority.'
        : `New certificates come from ${new URL(after.acmeDirectory).host}.`,
    acmeEmail: () =>
      after.acmeEmail === ''
        ? 'The certificate authority is given no address.'
        : `The certificate authority writes to ${after.acmeEmail}.`,
    acmeRootPem: () =>
      after.acmeRootPem === ''
        ? "The certificate authority is trusted by the system's roots."
        : 'The certificate authority is trusted by the root given here.',
    trustedProxies: () =>
      after.trustedProxies.length === 0
        ? 'Visitors are known by the address of their own connection.'
        : `Behind ${after.trustedProxies.join(', ')}, visitors are known by what the proxy says.`,
  }
  return changedFields(before, after).map((field) => words[field]())
}

/** Settings as lines a person reads, always in the same order. */
export const settingsLines = (s: Settings): string[] => [
  `Panel's name  ${s.panelDomain || 'none'}`,
  `Panel's certificate  ${s.panelTls === 'auto' ? 'from the ACME CA' : "from Argos' own CA"}`,
  `Certificate authority  ${s.acmeDirectory || 'the default'}`,
  `Address for the authority  ${s.acmeEmail || 'none'}`,
  `Root of the authority  ${s.acmeRootPem === '' ? "the system's" : `given, SHA-256 ${digestOf(s.acmeRootPem)}`}`,
  ...s.trustedProxies.map((proxy) => `Trusted proxy  ${proxy}`),
]

/** Enough to tell one certificate from another, which is too long to read. */
const digestOf = (pem: string): string => createHash('sha256').update(pem).digest('hex').slice(0, 16)
