import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { type State, StateGlyph } from './StateGlyph.tsx'

export interface ChipProps {
  tone?: 'ok' | 'warn' | 'bad' | 'acc' | 'plain' | undefined
  /** A glyph in front; toned chips carry one so that colour is not alone. */
  state?: State | undefined
  onRemove?: (() => void) | undefined
  removeLabel?: string | undefined
  children: ReactNode
}
export function Chip({ tone, state, onRemove, removeLabel = 'Remove', children }: ChipProps) {
  return (
    <span className={`chip ${tone ?? ''}`}>
      {state === undefined ? null : <StateGlyph state={state} size={8} />}
      {children}
      {onRemove === undefined ? null : (
        <button type="button" aria-label={removeLabel} onClick={onRemove}>
          <X />
        </button>
      )}
    </span>
  )
}

/** An HTTP status. */
export const Code = ({ status }: { status: number }) => (
  <span className={`code s${Math.floor(status / 100)}`}>{status}</span>
)

/** An app's letters on a small square. */
export const Tile = ({ name, large = false }: { name: string; large?: boolean }) => (
  <span className={large ? 'tile lg' : 'tile'} aria-hidden="true">
    {initials(name)}
  </span>
)
const initials = (name: string): string => {
  const [first = '', second = ''] = name.trim()
  return first.toUpperCase() + (/[\p{L}\p{N}]/u.test(second) ? second.toLowerCase() : '')
}

export const Avatar = ({ name }: { name: string }) => (
  <span className="avatar" aria-hidden="true">
    {name.slice(0, 1).toUpperCase()}
  </span>
)

/** Keys to press: `<Kbd keys={['Ctrl', 'K']} />`. */
export const Kbd = ({ keys }: { keys: readonly string[] }) => (
  <span className="keys">
    {keys.map((key) => (
      <kbd key={key}>{key}</kbd>
    ))}
  </span>
)

/** Whether what is on screen follows the panel. `since` says from when it is, once it does not. */
export const LivePill = ({ live, since }: { live: boolean; since?: string | undefined }) => (
  <span className={live ? 'live' : 'live stale'} role="status">
    <i />
    {live ? 'Live' : (since ?? 'Not live')}
  </span>
)

type Cell = 'on' | 'watch' | 'off'
export interface StripProps {
  bans: Cell
  country: Cell
  rate: Cell
  waf: Cell
}
const cells = [
  ['bans', 'B', 'Bans', 'ban'],
  ['country', 'C', 'Country', 'geo'],
  ['rate', 'R', 'Rate limit', 'rate'],
  ['waf', 'W', 'WAF', 'waf'],
] as const
const cellWords: Record<Cell, string> = { on: 'enforcing', watch: 'watching only', off: 'off' }
const cellClass: Record<Cell, string> = { on: '', watch: 'watch', off: 'none' }

/** B C R W, always in the order requests meet them. */
export function Strip(props: StripProps) {
  const said = cells.map(([key, , name]) => `${name}: ${cellWords[props[key]]}`)
  return (
    <span className="strip" role="img" aria-label={said.join(', ')}>
      {cells.map(([key, letter, name, colour]) => (
        <i
          key={key}
          className={`${colour} ${cellClass[props[key]]}`}
          title={`${name}: ${cellWords[props[key]]}`}
        >
          {letter}
        </i>
      ))}
    </span>
  )
}
