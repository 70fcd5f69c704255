import type { ReactNode } from 'react'

export interface PageHeadProps {
  /** The page's one h1: a name, or a sentence a person could say. */
  title: ReactNode
  lead?: ReactNode
  /** Beside the title: views, a state. */
  beside?: ReactNode
  actions?: ReactNode
}
export const PageHead = ({ title, lead, beside, actions }: PageHeadProps) => (
  <div className="pagehead">
    <div>
      {/* The router moves the focus here after a navigation. */}
      <h1 tabIndex={-1}>{title}</h1>
      {lead === undefined ? null : <p>{lead}</p>}
    </div>
    {beside}
    {actions === undefined ? null : <div className="acts">{actions}</div>}
  </div>
)

export interface CardProps {
  title?: ReactNode
  /** At the right of the title. */
  aside?: ReactNode
  /** Content reaches the edges: tables and lists. */
  flush?: boolean | undefined
  className?: string | undefined
  id?: string | undefined
  children: ReactNode
}
export const Card = ({ title, aside, flush = false, className, id, children }: CardProps) => (
  <section className={`card ${className ?? ''}`} id={id}>
    {title === undefined ? null : (
      <header>
        <h2>{title}</h2>
        {aside === undefined ? null : <div className="end">{aside}</div>}
      </header>
    )}
    <div className={flush ? 'flush' : 'body'}>{children}</div>
  </section>
)
