import type { Settings } from '@argos/contract'

/** One sentence for each difference, as they stand in the list of changes. */
export function settingsWords(before: Settings, after: Settings): string[] {
  const changed = changedFields(before, after)
  const sentence: Record<keyof Settings, () => string> = {
    panelDomain: () =>
      after.panelDomain === ''
        ? `Took the panel off ${before.panelDomain}`
        : `Moved the panel to ${after.panelDomain}`,
    panelTls: () =>
      after.panelTls === 'auto'
        ? "Asks a public authority for the panel's certificate"
        : "Uses Argos' own authority for the panel's certificate",
    acmeDirectory: () =>
      after.acmeDirectory === ''
        ? 'Gets certificates from the default authority'
        : `Gets certificates from ${new URL(after.acmeDirectory).host}`,
    acmeEmail: () =>
      after.acmeEmail === ''
        ? 'Gives the certificate authority no address'
        : `Gives the certificate authority ${after.acmeEmail}`,
    acmeRootPem: () =>
      after.acmeRootPem === ''
        ? "Trusts the system's roots for the certificate authority"
        : 'Trusts a root of its own for the certificate authority',
    trustedProxies: () =>
      after.trustedProxies.length === 0
        ? 'Trusts no proxies in front'
        : `Trusts the proxies ${after.trustedProxies.join(', ')}`,
  }
  return changed.map((field) => sentence[field]())
}

export const changedFields = (before: Settings, after: Settings): (keyof Settings)[] =>
  (Object.keys(after) as (keyof Settings)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
