import { cloneElement, type ReactElement, type ReactNode } from 'react'

export interface TabsProps {
  label: string
  /** Each `link` is an anchor element without children; the current one gets `aria-current`. */
  tabs: readonly {
    id: string
    label: ReactNode
    count?: ReactNode
    link: ReactElement<{ children?: ReactNode }>
  }[]
  current: string
}

/** Tabs that are addresses: links in a nav, so they open in a new tab and survive a reload. */
export function Tabs({ label, tabs, current }: TabsProps) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) =>
        cloneElement(
          tab.link,
          { key: tab.id, ...(tab.id === current ? { 'aria-current': 'page' } : {}) },
          tab.label,
          tab.count === undefined ? null : <span className="n">{tab.count}</span>,
        ),
      )}
    </nav>
  )
}
