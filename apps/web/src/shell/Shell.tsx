import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { endedSession, subscribeSession } from '../api/session.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Nav, TabBar } from './Nav.tsx'
import { useShortcuts } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'
import { Warnings } from './Warnings.tsx'
import './shell.css'

const loadSignIn = () => import('./SignInAgain.tsx').then((m) => ({ default: m.SignInAgain }))
const loadPalette = () => import('./Palette.tsx').then((m) => ({ default: m.Palette }))
const SignInAgain = lazy(loadSignIn)
const Palette = lazy(loadPalette)
const KeysHelp = lazy(() => import('./KeysHelp.tsx').then((m) => ({ default: m.KeysHelp })))

/** Everything around a page: navigation, top bar, banners, palette. */
export function Shell() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  useShortcuts({ palette: () => setOpen('palette'), help: () => setOpen('keys') })
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const ended = useSyncExternalStore(subscribeSession, endedSession)
  useEffect(() => {
    // Fetched while nothing else is: the palette opens at once, and a session can end while the panel restarts.
    const timer = setTimeout(() => void Promise.allSettled([loadSignIn(), loadPalette()]), 2_000)
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
      {/* While it loads, keys typed ahead must not be taken for single keys of the page. */}
      <Suspense fallback={open === null ? null : <div role="dialog" aria-label="Opening" aria-busy="true" />}>
        {open === 'palette' ? <Palette onClose={close} onHelp={() => setOpen('keys')} /> : null}
        {open === 'keys' ? <KeysHelp onClose={close} /> : null}
        {ended === null ? null : <SignInAgain username={ended} />}
      </Suspense>
    </div>
  )
}
