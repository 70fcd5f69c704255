import { CircleAlert, Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { type State, StateGlyph } from './StateGlyph.tsx'

export interface NoteProps {
  tone?: 'plain' | 'ok' | 'warn' | 'bad' | 'acc' | undefined
  icon?: ReactNode
  /** Spoken at once when it appears. */
  alert?: boolean | undefined
  /** Buttons under the text. */
  actions?: ReactNode
  children: ReactNode
}
const noteIcons = {
  plain: <Info />,
  acc: <Info />,
  ok: <StateGlyph state="ok" />,
  warn: <TriangleAlert />,
  bad: <OctagonAlert />,
}

/** A boxed remark. The first words, in `<b>`, say it; the rest says what to do. */
export function Note({ tone = 'plain', icon, alert = false, actions, children }: NoteProps) {
  return (
    <div className={`note ${tone}`} role={alert ? 'alert' : undefined}>
      {icon ?? noteIcons[tone]}
      <div>
        {children}
        {actions === undefined ? null : <div className="acts">{actions}</div>}
      </div>
    </div>
  )
}

export interface EmptyProps {
  icon?: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
}

/** Nothing here yet: teaches, then offers. */
export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <div className="empty">
    {icon}
    <h2>{title}</h2>
    <p>{children}</p>
    {action}
  </div>
)

export interface ErrorStateProps {
  /** What failed: "Hosts could not be loaded". */
  title: string
  /** Usually an ApiError; its message says why. */
  error: unknown
  onRetry?: (() => void) | undefined
}

/** What, why, what to do, and the request to ask about. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  const why = error instanceof Error ? error.message : 'Something went wrong inside the page.'
  const request = error instanceof Error && 'requestId' in error ? String(error.requestId) : ''
  return (
    <div className="empty" role="alert">
      <CircleAlert className="bad" />
      <h2>{title}</h2>
      <p>{why}</p>
      {onRetry === undefined ? null : <Button onClick={onRetry}>Try now</Button>}
      {request === '' ? null : (
        <p className="t3 sm">
          request <code>{request}</code>
        </p>
      )}
    </div>
  )
}

/** Rows of the height of what comes; invisible for the first 300 ms. */
export const Skeleton = ({ rows = 6 }: { rows?: number }) => (
  <div className="sk" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, i) => (
      <div key={i}>
        <i />
        <i />
        <i />
        <i />
      </div>
    ))}
  </div>
)

export interface ProgressItem {
  id: string
  label: ReactNode
  /** `unknown` waits, `busy` works now, then `ok`, `warn` or `bad`. */
  state: State
  side?: ReactNode
}

/** Promises, each shown as tested or not. */
export const ProgressList = ({ items, label }: { items: readonly ProgressItem[]; label: string }) => (
  <ul className="prog" aria-label={label} aria-live="polite">
    {items.map((item) => (
      <li key={item.id} className={item.state === 'busy' ? 'now' : item.state === 'unknown' ? 'waiting' : ''}>
        <StateGlyph state={item.state} label="" />
        <span>{item.label}</span>
        {item.side === undefined ? null : <span className="side">{item.side}</span>}
      </li>
    ))}
  </ul>
)

export interface DiffProps {
  lines: readonly { op: 'add' | 'del' | 'same'; text: string }[]
  title?: string | undefined
}
const signs = { add: '+', del: '-', same: ' ' }
const readAs = { add: 'added: ', del: 'removed: ', same: '' }

/** Line diff, signs as well as colours. */
export function Diff({ lines, title }: DiffProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it
    <section className="diff" tabIndex={0} aria-label={title ?? 'Difference'}>
      {title === undefined ? null : <div className="h">{title}</div>}
      <div className="lines">
        {lines.map((line, i) => (
          <div key={i} className={`l ${line.op === 'same' ? '' : line.op}`}>
            <i aria-hidden="true">{signs[line.op]}</i>
            <span>
              <span className="sr">{readAs[line.op]}</span>
              {line.text}
            </span>
          </div>
        ))}
      </div>
    </section>
  )
}
