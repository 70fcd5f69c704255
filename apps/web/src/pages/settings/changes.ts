import type { Settings } from '@argos/contract'
import { type DiffLine, diffLines } from '../../lib/diff.ts'
import type { State } from '../../ui/StateGlyph.tsx'

export interface Effect {
  readonly state: State
  readonly words: string
}

export interface Here {
  /** The name this page was opened under. */
  readonly hostname: string
  /** The address of the panel that is always there. */
  readonly fallback: string
}

const labels: readonly (readonly [keyof Settings, string])[] = [
  ['panelDomain', 'Panel name'],
  ['panelTls', 'Panel certificate'],
  ['acmeDirectory', 'Authority'],
  ['acmeEmail', 'E-mail'],
  ['acmeRootPem', 'Authority’s root'],
  ['trustedProxies', 'Proxies'],
]

const valuesOf = (settings: Settings, field: keyof Settings): readonly string[] => {
  switch (field) {
    case 'trustedProxies':
      return settings.trustedProxies.length === 0 ? ['none'] : settings.trustedProxies
    case 'panelTls':
      return [settings.panelTls === 'auto' ? 'public' : 'Argos’ own']
    case 'acmeRootPem':
      return [settings.acmeRootPem === '' ? 'the system’s' : 'one of your own']
    case 'acmeDirectory':
      return [settings.acmeDirectory || 'Let’s Encrypt']
    default:
      return [settings[field] || 'none']
  }
}

/** The settings that change, line by line. */
export function settingsDiff(before: Settings, after: Settings): readonly DiffLine[] {
  return labels.flatMap(([field, label]) => {
    if (JSON.stringify(before[field]) === JSON.stringify(after[field])) return []
    const lines = (settings: Settings) =>
      valuesOf(settings, field).map((value) => `${label.padEnd(18)}${value}`)
    const diff = diffLines(lines(before), lines(after))
    // Another root of one's own reads the same; that it is another must show all the same.
    return diff.every((line) => line.op === 'same')
      ? [{ op: 'add' as const, text: `${label.padEnd(18)}another one of your own` }]
      : diff
  })
}

/** What saving does, in sentences; what could lock the reader out stands first. */
export function effects(before: Settings, after: Settings, here: Here): readonly Effect[] {
  const moved = before.panelDomain !== after.panelDomain
  const out: Effect[] = []
  const say = (state: State, words: string) => out.push({ state, words })
  if (moved && before.panelDomain !== '' && here.hostname === before.panelDomain) {
    say(
      'warn',
      `You are at ${before.panelDomain} now. It stops being the panel; go on at ${after.panelDomain || here.fallback}.`,
    )
  }
  if (moved && after.panelDomain !== '') {
    say('suggestion', `The panel answers at ${after.panelDomain}. You sign in there once more.`)
    say('warn', `Browsers insist on HTTPS for ${after.panelDomain} for one year from then on.`)
  }
  if (moved && after.panelDomain === '') {
    say(
      'suggestion',
      `The panel answers only at ${here.fallback}. Passkeys, web push and protected hosts need a name.`,
    )
  }
  if (after.panelDomain !== '' && (moved || before.panelTls !== after.panelTls)) {
    say(
      'suggestion',
      after.panelTls === 'auto'
        ? 'Its certificate comes from a public authority, which must reach the name from the internet.'
        : 'Its certificate is Argos’ own: browsers warn until they trust Argos’ root.',
    )
  }
  if (before.acmeDirectory !== after.acmeDirectory || before.acmeRootPem !== after.acmeRootPem) {
    say(
      'suggestion',
      'New certificates come from the other authority. Those you have stay until they are renewed.',
    )
  }
  if (before.acmeEmail !== after.acmeEmail)
    say('suggestion', 'New accounts with the authority carry the other address.')
  if (JSON.stringify(before.trustedProxies) !== JSON.stringify(after.trustedProxies)) {
    say(
      'suggestion',
      after.trustedProxies.length === 0
        ? 'The visitor is whoever the connection comes from.'
        : 'What these proxies say about the visitor’s address is believed.',
    )
  }
  return out
}
