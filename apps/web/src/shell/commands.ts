import type { Host } from '@argos/contract'
import {
  CirclePlus,
  FileCode2,
  Keyboard,
  KeyRound,
  type LucideIcon,
  Pause,
  Play,
  Route,
  UserPlus,
} from 'lucide-react'
import { hostName, worstLight } from '../lib/host.ts'
import { paths } from '../lib/paths.ts'
import { hostState } from '../pages/overview/attention.ts'
import type { State } from '../ui/StateGlyph.tsx'
import { sections } from './sections.ts'

/** One line of the palette. */
export interface Command {
  readonly id: string
  readonly group: 'Hosts' | 'Do' | 'Go to'
  /** What is searched, and marked where it matches. */
  readonly label: string
  readonly beside: string
  /** Keys at the right, or what happens first. */
  readonly keys?: readonly string[]
  readonly icon: LucideIcon | null
  readonly state?: State
  readonly does:
    | { readonly to: string }
    | { readonly href: string }
    | { readonly ask: 'pause' | 'resume'; readonly host: Host }
    | 'help'
}

const most = 7

const fixed: readonly Command[] = [
  {
    id: 'new',
    group: 'Do',
    label: 'Add host',
    beside: 'publish a service',
    keys: ['n'],
    icon: CirclePlus,
    does: { to: paths.hostNew() },
  },
  {
    id: 'keys',
    group: 'Do',
    label: 'Keyboard',
    beside: 'all keys',
    keys: ['?'],
    icon: Keyboard,
    does: 'help',
  },
  {
    id: 'invite',
    group: 'Do',
    label: 'Invite somebody',
    beside: 'a link to make an account',
    icon: UserPlus,
    does: { to: paths.people({ open: 'invite' }) },
  },
  {
    id: 'test',
    group: 'Do',
    label: 'Test an address',
    beside: 'who can open it, and why',
    icon: KeyRound,
    does: { to: paths.policyTest() },
  },
  ...sections.map(
    (section): Command => ({
      id: section.id,
      group: 'Go to',
      label: section.label,
      beside: '',
      keys: ['g', section.chord],
      icon: section.icon,
      does: { to: section.to },
    }),
  ),
  {
    id: 'api',
    group: 'Go to',
    label: 'API reference',
    beside: 'everything the panel does, for scripts',
    icon: FileCode2,
    does: { href: '/api/' },
  },
]

/** A pasted address finds what it names: `https://photos.home.example/x` and `192.0.2.31:2283` alike. */
const bare = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#].*$/, '')

const names = (host: Host): string =>
  [host.domains, host.poolName, host.state.targets.map((t) => t.dial), host.tags]
    .flat()
    .join('\n')
    .toLowerCase()

function hostCommand(host: Host): Command {
  const also = [host.poolName, worstLight(host).words].join(' · ')
  return {
    id: host.id,
    group: 'Hosts',
    label: hostName(host),
    beside: also,
    icon: null,
    state: hostState(host),
    does: { to: paths.host(host.id) },
  }
}

const doings = (host: Host): readonly Command[] => [
  host.enabled
    ? {
        id: 'pause',
        group: 'Do',
        label: `Pause ${hostName(host)}…`,
        beside: 'shows a preview first',
        icon: Pause,
        does: { ask: 'pause', host },
      }
    : {
        id: 'resume',
        group: 'Do',
        label: `Resume ${hostName(host)}…`,
        beside: 'shows a preview first',
        icon: Play,
        does: { ask: 'resume', host },
      },
  {
    id: 'routing',
    group: 'Do',
    label: `Edit routing of ${hostName(host)}`,
    beside: '',
    icon: Route,
    does: { to: paths.hostTab(host.id, 'routing') },
  },
  {
    id: 'access',
    group: 'Do',
    label: `Who gets into ${hostName(host)}`,
    beside: '',
    icon: KeyRound,
    does: { to: paths.hostTab(host.id, 'access') },
  },
]

/** What the palette offers for what is typed: hosts first, then what can be done with the best of them, then pages. */
export function commandsFor(typed: string, hosts: readonly Host[]): readonly Command[] {
  const q = bare(typed)
  if (q === '') {
    const troubled = hosts.filter((h) => ['bad', 'warn'].includes(hostState(h))).slice(0, most)
    return [...troubled.map(hostCommand), ...fixed]
  }
  const words = q.split(/\s+/)
  const place = (host: Host) => {
    const at = hostName(host)
      .toLowerCase()
      .indexOf(words[0] ?? '')
    return at === -1 ? Number.MAX_SAFE_INTEGER : at
  }
  const found = hosts
    .filter((host) => words.every((word) => names(host).includes(word)))
    .toSorted((a, b) => place(a) - place(b) || hostName(a).length - hostName(b).length)
  const [best] = found
  return [
    ...found.slice(0, most).map(hostCommand),
    ...(best ? doings(best) : []),
    ...fixed.filter((c) => words.every((word) => `${c.label} ${c.beside}`.toLowerCase().includes(word))),
  ]
}

/** The label cut where the typed words match, for marking. */
export function marked(label: string, typed: string): readonly { text: string; hit: boolean }[] {
  const [word = ''] = bare(typed).split(/\s+/)
  const at = word === '' ? -1 : label.toLowerCase().indexOf(word)
  if (at === -1) return [{ text: label, hit: false }]
  return [
    { text: label.slice(0, at), hit: false },
    { text: label.slice(at, at + word.length), hit: true },
    { text: label.slice(at + word.length), hit: false },
  ].filter((part) => part.text !== '')
}
