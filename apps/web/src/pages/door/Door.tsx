import { Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { setPreference, shownTheme } from '../../lib/preferences.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Eye } from './Eye.tsx'
import './door.css'

/** Around every page of the way in: the mark, the panel's name, one card, a word below it. */
export const Door = ({ children, foot }: { children: ReactNode; foot?: ReactNode }) => (
  <div className="login">
    <Eye />
    <button
      type="button"
      className={`${buttonClass({ kind: 'ghost', size: 'sm' })} icon themer`}
      aria-label="Switch between dark and light"
      onClick={() => setPreference('theme', shownTheme() === 'dark' ? 'light' : 'dark')}
    >
      <Sun />
    </button>
    <main className="signin">
      <div className="who">
        <Mark size={34} />
        <p className="t2">{location.hostname}</p>
      </div>
      {children}
      {foot === undefined ? null : <p className="t3 sm foot">{foot}</p>}
    </main>
  </div>
)

/** The card's heading and what it is about. */
export const DoorHead = ({ title, lead }: { title: string; lead?: ReactNode }) => (
  <div>
    <h1 tabIndex={-1}>{title}</h1>
    {lead === undefined ? null : <p className="t2">{lead}</p>}
  </div>
)

/** Nothing before 300 ms, then that something is coming. */
export const DoorWait = ({ children }: { children: string }) => (
  <div className="card lgc late" role="status" aria-label="Loading">
    <p className="t2">{children}</p>
  </div>
)
