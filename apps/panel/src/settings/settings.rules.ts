import { X509Certificate } from 'node:crypto'
import type { FieldError, Settings } from '@argos/contract'
import { GuardError } from '../guard/error.ts'
import type { UpstreamGuard } from '../guard/upstream.ts'
import { callableUrl, hostOf, portOf } from '../guard/url.ts'

/** What the schema cannot see. */
export function problemsOf({ panelDomain, acmeRootPem, trustedProxies }: Settings): FieldError[] {
  return [
    ...trustedProxies.flatMap((network, i) =>
      network.endsWith('/0')
        ? [
            {
              path: `settings.trustedProxies.${i}`,
              message: `${network} is everybody: each visitor could say to come from where he likes. List the proxies alone.`,
            },
          ]
        : [],
    ),
    ...(acmeRootPem.includes('PRIVATE KEY-----')
      ? [
          {
            path: 'settings.acmeRootPem',
            message: 'This holds a private key, and was not saved. Paste the certificate alone.',
          },
        ]
      : []),
    ...(panelDomain.startsWith('*.')
      ? [{ path: 'settings.panelDomain', message: 'The panel needs one name, not a wildcard.' }]
      : []),
    ...(acmeRootPem.trim() === '' || isCertificates(acmeRootPem)
      ? []
      : [
          {
            path: 'settings.acmeRootPem',
            message: 'This is no certificate in PEM form (-----BEGIN CERTIFICATE-----).',
          },
        ]),
  ]
}

/** SS-01, SS-04 The edge calls it, on the word of these settings. */
export async function problemsOfDirectory(
  directory: string,
  checkUpstream: UpstreamGuard,
): Promise<FieldError[]> {
  const no = (message: string) => [{ path: 'settings.acmeDirectory', message }]
  if (directory === '') return []
  try {
    const url = callableUrl(directory)
    const verdict = await checkUpstream({ address: hostOf(url), port: portOf(url) })
    if (verdict.kind !== 'refused') return []
    return no(
      `${url.host} cannot be a certificate authority: it is Argos itself, or an address that is never called (link-local, metadata or none).`,
    )
  } catch (err) {
    if (err instanceof GuardError) return no(err.message)
    throw err
  }
}

function isCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0
  } catch {
    return false
  }
}
