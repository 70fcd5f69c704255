import {
  Activity,
  Database,
  Gauge,
  GitCommitVertical,
  KeyRound,
  PanelTop,
  ScrollText,
  Settings2,
  Users,
} from 'lucide-react'
import { paths } from '../lib/paths.ts'

export interface Section {
  readonly id: string
  readonly label: string
  readonly to: string
  readonly icon: typeof Gauge
  /** Second key of its `g` chord. */
  readonly chord: string
}
const section = (id: string, label: string, to: string, icon: typeof Gauge, chord: string): Section => ({
  id,
  label,
  to,
  icon,
  chord,
})

/** The navigation, in its order. Only sections that exist stand here. */
export const groups: readonly { readonly title: string; readonly sections: readonly Section[] }[] = [
  { title: '', sections: [section('overview', 'Overview', paths.overview(), Gauge, 'o')] },
  {
    title: 'Publish',
    sections: [
      section('hosts', 'Hosts', paths.hosts(), PanelTop, 'h'),
      section('pools', 'Pools', paths.pools(), Database, 'p'),
    ],
  },
  {
    title: 'Access',
    sections: [
      section('people', 'People and groups', paths.people(), Users, 'u'),
      section('policies', 'Policies', paths.policies(), KeyRound, 'w'),
    ],
  },
  {
    title: 'Operate',
    sections: [
      section('changes', 'Changes', paths.changes(), GitCommitVertical, 'c'),
      section('audit', 'Audit', paths.audit(), ScrollText, 'a'),
      section('system', 'System', paths.system(), Activity, 'y'),
      section('settings', 'Settings', paths.settings(), Settings2, 's'),
    ],
  },
]
export const sections: readonly Section[] = groups.flatMap((group) => group.sections)

/** The section a path lies in: the longest that begins it. */
export const sectionOf = (pathname: string): Section | undefined =>
  sections.findLast((s) =>
    s.to === '/' ? pathname === '/' : pathname === s.to || pathname.startsWith(`${s.to}/`),
  )
