import type { Host, HostCreate, Pool, Saved, TlsMode, UpstreamProbe } from '@argos/contract'
import { typedNames } from '../../lib/forms.ts'
import { hostName, parentDomain, shortName, suggestedTls } from '../../lib/host.ts'

/** What has been typed. `null` follows what Argos found. */
export interface PublishForm {
  readonly source: 'url' | 'pool'
  readonly url: string
  readonly poolId: string
  readonly verifyTls: boolean | null
  readonly domains: readonly string[] | null
  readonly tls: TlsMode | null
  /** Who gets in; empty: everyone. */
  readonly policyId: string
}
/** One published host: what was answered, and when work on it began and it was saved. */
export interface Done {
  readonly host: Host
  readonly saved: Saved
  readonly startedAt: number
  readonly savedAt: number
}

export const emptyForm: PublishForm = {
  source: 'url',
  url: '',
  poolId: '',
  verifyTls: null,
  domains: null,
  tls: null,
  policyId: '',
}

export const isEdited = (form: PublishForm): boolean =>
  form.url.trim() !== '' || form.poolId !== '' || (form.domains ?? []).some((d) => d.trim() !== '')

/** Something that can be asked: it has a host part and is not still being typed as `http:/`. */
export const isAskable = (url: string): boolean =>
  /^(https?:\/\/)?(\[[\da-f:.]+\]|[^\s/:]+)(:\d{1,5})?([/?#]\S*)?$/i.test(url.trim())

/** The domain most hosts live under, for the suggestion of a name. */
export function usualDomain(hosts: readonly Host[]): string | null {
  const counts = Map.groupBy(hosts, (host) => parentDomain(hostName(host)))
  const [best] = [...counts].toSorted(([, a], [, b]) => b.length - a.length)
  return best?.[0] ?? null
}

/** `watch.home.example` for a Jellyfin beside other hosts; empty when nothing can be guessed, or it is taken. */
export function suggestedName(probe: UpstreamProbe | undefined, hosts: readonly Host[]): string {
  const domain = usualDomain(hosts)
  const label = probe?.app?.suggestedSubdomain
  if (!domain || !label) return ''
  const name = `${label}.${domain}`
  return hosts.some((host) => host.domains.includes(name)) ? '' : name
}

/** A pool's name that no other has: the app, else the host's short name. */
export function poolName(
  probe: UpstreamProbe,
  domains: readonly string[],
  pools: readonly Pick<Pool, 'name'>[],
): string {
  const base = (probe.app?.slug ?? shortName(domains[0] ?? '')) || probe.address
  const taken = new Set(pools.map((pool) => pool.name.toLowerCase()))
  const free = [base, ...Array.from({ length: pools.length + 1 }, (_, i) => `${base}-${i + 2}`)]
  return (free.find((name) => !taken.has(name.toLowerCase())) ?? base).slice(0, 63)
}

export interface Found {
  readonly probe: UpstreamProbe | undefined
  readonly hosts: readonly Host[]
  readonly pools: readonly Pick<Pool, 'name'>[]
}

export const domainsOf = (form: PublishForm, { probe, hosts }: Found): readonly string[] =>
  form.domains ?? [suggestedName(probe, hosts)]

export const tlsOf = (form: PublishForm, domains: readonly string[]): TlsMode =>
  form.tls ?? suggestedTls(domains)

/** An untrusted certificate is not checked unless someone asks for it: else nothing would answer. */
export const verifyOf = (form: PublishForm, probe: UpstreamProbe | undefined): boolean =>
  form.verifyTls ?? probe?.tls?.trusted ?? true

/** The host to make, or null while something is missing. */
export function hostOf(form: PublishForm, found: Found, enabled = true): HostCreate | null {
  const domains = typedNames(domainsOf(form, found))
  const upstream = upstreamOf(form, found, domains)
  if (domains.length === 0 || upstream === null) return null
  return {
    domains,
    enabled,
    tls: tlsOf(form, domains),
    access:
      form.policyId === ''
        ? { kind: 'public' }
        : { kind: 'policy', policyId: form.policyId, paths: [], keep: true, assertion: false },
    tags: [],
    note: '',
    upstream,
  }
}

function upstreamOf(
  form: PublishForm,
  { probe, pools }: Found,
  domains: readonly string[],
): HostCreate['upstream'] | null {
  if (form.source === 'pool') return form.poolId === '' ? null : { poolId: form.poolId }
  if (probe === undefined) return null
  const { address, port, protocol } = probe
  return {
    pool: {
      name: poolName(probe, domains, pools),
      protocol,
      verifyTls: verifyOf(form, probe),
      preserveHost: true,
      health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
      targets: [{ address, port, weight: 1, enabled: true }],
    },
  }
}
