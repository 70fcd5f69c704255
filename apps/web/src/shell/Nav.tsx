import { useRouterState } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { usePending } from '../components/dock/pending.ts'
import { Link } from '../components/Link.tsx'
import { paths } from '../lib/paths.ts'
import { worstHost } from '../pages/overview/attention.ts'
import { Kbd } from '../ui/Badges.tsx'
import { Mark } from '../ui/Mark.tsx'
import { type State, StateGlyph } from '../ui/StateGlyph.tsx'
import { groups, type Section, sectionOf, sections } from './sections.ts'
import { edgeLight, lights, useHosts, useSystem } from './status.ts'

const MoreMenu = lazy(() => import('./MoreMenu.tsx').then((m) => ({ default: m.MoreMenu })))

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** Whether a change is live for now and waits to be kept. */
const useWaits = () => Boolean(usePending().data?.pending)

/** What stands beside an item: the worst state inside it, and a number that says something. */
function useSides(): Readonly<Record<string, { text: string; state: State | null }>> {
  const hosts = useHosts().data?.hosts
  const system = useSystem()
  const waits = useWaits()
  const edge = system.data ? edgeLight(system.data, waits) : undefined
  const revision = system.data?.generations.lastRevision
  return {
    hosts: { text: hosts ? String(hosts.length) : '', state: hosts ? worstHost(hosts) : null },
    changes: { text: revision ? `r${revision}` : '', state: system.data?.edge.drifted ? 'warn' : null },
    system: {
      text: '',
      state: edge && !['ok', 'busy', 'watching'].includes(edge.state) ? edge.state : null,
    },
  }
}

const useCurrent = () => sectionOf(useRouterState({ select: (s) => s.location.pathname }))?.id

export function Nav({ onJump }: { onJump: () => void }) {
  const current = useCurrent()
  const sides = useSides()
  const { data, isError } = useSystem()
  const waits = useWaits()
  return (
    <nav className="nav" aria-label="Sections">
      <Link to={paths.overview()} className="brand" aria-label="Argos, overview">
        <Mark />
        <b>Argos</b>
      </Link>
      <button
        type="button"
        className="jump"
        onClick={onJump}
        // The rail hides the words; readers then get these.
        title="Search or jump to…"
        aria-keyshortcuts="Control+K"
      >
        <Search />
        <span>Search or jump to…</span>
        <span className="end" aria-hidden="true">
          <Kbd keys={[isMac ? '⌘' : 'Ctrl', 'K']} />
        </span>
      </button>
      {groups.map((group) => (
        <div key={group.title}>
          {group.title === '' ? null : <h2>{group.title}</h2>}
          <ul>
            {group.sections.map((section) => (
              <li key={section.id}>
                <NavLink section={section} current={current === section.id} side={sides[section.id]} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <ul className="lights" aria-label="Services of Argos">
        {lights(data, isError, waits).map((light) => (
          <li key={light.name} title={`${light.name}: ${light.words}`}>
            <StateGlyph state={light.state} label="" />
            <span>{light.name}</span>
            <span>{light.words}</span>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface NavLinkProps {
  section: Section
  current: boolean
  side: { text: string; state: State | null } | undefined
}
function NavLink({ section, current, side }: NavLinkProps) {
  const Icon = section.icon
  return (
    <Link to={section.to} title={section.label} {...(current ? { 'aria-current': 'page' as const } : {})}>
      <Icon />
      <span className="label">{section.label}</span>
      {side ? (
        <span className="side">
          <span>{side.text}</span>
          {side.state === null ? null : <StateGlyph state={side.state} label="" />}
        </span>
      ) : null}
    </Link>
  )
}

const inBar = ['overview', 'hosts', 'changes', 'system']

/** The bottom bar of phones: four sections and More. */
export function TabBar() {
  const current = useCurrent()
  const sides = useSides()
  const rest = sections.filter((s) => !inBar.includes(s.id))
  return (
    <nav className="tabbar" aria-label="Sections">
      {sections
        .filter((s) => inBar.includes(s.id))
        .map((s) => {
          const state = sides[s.id]?.state ?? null
          return (
            <Link key={s.id} to={s.to} {...(s.id === current ? { 'aria-current': 'page' as const } : {})}>
              <s.icon />
              {s.label}
              {state === null ? null : (
                <span className="pip">
                  <StateGlyph state={state} label="" />
                </span>
              )}
            </Link>
          )
        })}
      <Suspense fallback={<span>More</span>}>
        <MoreMenu current={current} rest={rest} />
      </Suspense>
    </nav>
  )
}
