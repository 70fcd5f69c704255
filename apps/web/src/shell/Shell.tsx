import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, startTransition, useEffect, useState } from 'react'
import { DockHost } from '../components/dock/DockHost.tsx'
import { useReviewing } from '../components/review.ts'
import { Asking, loadAsking } from './Asking.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Nav, TabBar } from './Nav.tsx'
import { useShortcuts } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'
import { Warnings } from './Warnings.tsx'
import './around.css'
import './shell.css'

const loadPalette = () => import('./Palette.tsx').then((m) => ({ default: m.Palette }))
const Palette = lazy(loadPalette)
const loadReview = () => import('../pages/change/ReviewDialog.tsx').then((m) => ({ default: m.ReviewDialog }))
const ReviewDialog = lazy(loadReview)
const KeysHelp = lazy(() => import('./KeysHelp.tsx').then((m) => ({ default: m.KeysHelp })))

/** Everything around a page: navigation, top bar, banners, palette. */
export function Shell() {
  const [open, setOpenNow] = useState<'palette' | 'keys' | null>(null)
  // A transition: without one React holds the first palette back for 300 ms, and the first letters are lost.
  const setOpen = (next: typeof open) => startTransition(() => setOpenNow(next))
  useShortcuts({ palette: () => setOpen('palette'), help: () => setOpen('keys') })
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const reviewing = useReviewing()
  useEffect(() => {
    // Fetched while nothing else is: the palette opens at once, and a session can end while the panel restarts.
    const timer = setTimeout(
      () => void Promise.allSettled([loadAsking(), loadPalette(), loadReview()]),
      2_000,
    )
    return () => clearTimeout(timer)
  }, [])
  const close = () => setOpen(null)
  return (
    <div className="app">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <Nav onJump={() => setOpen('palette')} />
      <div className="main">
        <TopBar onJump={() => setOpen('palette')} />
        <Warnings />
        <main id="page" className="page" tabIndex={-1}>
          <ErrorBoundary key={pathname}>
            <Outlet />
          </ErrorBoundary>
        </main>
      </div>
      <TabBar />
      <DockHost />
      <Suspense>
        {open === 'palette' ? <Palette onClose={close} onHelp={() => setOpen('keys')} /> : null}
        {open === 'keys' ? <KeysHelp onClose={close} /> : null}
        {reviewing === '' ? null : <ReviewDialog key={reviewing} id={reviewing} />}
      </Suspense>
      <Asking />
    </div>
  )
}
