import type { Settings } from '@argos/contract'
import type { ApiError } from '../../api/call.ts'

/** The settings as their fields hold them: the proxies are lines of text. */
export interface SettingsForm extends Omit<Settings, 'trustedProxies'> {
  readonly proxies: string
}

const lines = (text: string): readonly string[] => text.split(/[\n,]/).map((line) => line.trim())

export const formOf = ({ trustedProxies, ...rest }: Settings): SettingsForm => ({
  ...rest,
  proxies: trustedProxies.join('\n'),
})
export const settingsOf = ({ proxies, ...rest }: SettingsForm): Settings => ({
  ...rest,
  panelDomain: rest.panelDomain.trim(),
  acmeDirectory: rest.acmeDirectory.trim(),
  acmeEmail: rest.acmeEmail.trim(),
  acmeRootPem: rest.acmeRootPem.trim(),
  trustedProxies: lines(proxies).filter(Boolean),
})

/** What the schema says when none of a field's forms fits; our own words are of more use. */
const own: Partial<Record<keyof Settings, string>> = {
  panelDomain: 'Enter a name such as argos.home.example, without https:// and port.',
  acmeDirectory: 'Enter a URL that starts with https://.',
  acmeEmail: 'Enter an address such as noor@home.example.',
}

/** What is wrong with a field. A proxy's own place in the list is named. */
export function settingsProblem(
  problem: ApiError | null,
  field: keyof Settings,
  sent: Settings,
): string | undefined {
  const found = problem?.fields.find(({ path }) => path.startsWith(`settings.${field}`))
  if (!found) return undefined
  if (field === 'trustedProxies') {
    const i = Number(found.path.split('.')[2] ?? Number.NaN)
    const typed = sent.trustedProxies[i]
    if (typed !== undefined) return `\`${typed}\` is no IP address and no range such as 10.0.0.0/8.`
  }
  return /^Invalid /.test(found.message) ? (own[field] ?? found.message) : found.message
}

export interface Breadth {
  readonly range: string
  /** How many machines can then claim to be anyone, in words. */
  readonly words: string
  readonly everyone: boolean
}

/** Ranges so wide that strangers stand in them. Private networks may be wide. */
export function wideRanges(ranges: readonly string[]): readonly Breadth[] {
  return ranges.flatMap((range): readonly Breadth[] => {
    const [address = '', bits] = range.split('/')
    if (bits === undefined || isPrivate(address)) return []
    const prefix = Number(bits)
    const v6 = address.includes(':')
    const everyone = prefix === 0
    if (everyone) return [{ range, words: 'everyone on the internet', everyone }]
    const free = (v6 ? 64 : 32) - prefix
    if (free <= (v6 ? 16 : 8)) return []
    const n = 2 ** free
    const words = v6 ? `${n.toLocaleString('en')} networks` : `${n.toLocaleString('en')} addresses`
    return [{ range, words, everyone }]
  })
}

const isPrivate = (address: string): boolean =>
  /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:|::1$)/i.test(
    address,
  )
