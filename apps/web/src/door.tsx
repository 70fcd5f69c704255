import { type ComponentType, lazy, Suspense } from 'react'
import type { Root } from 'react-dom/client'
import { LoginPage } from './pages/door/LoginPage.tsx'

const InvitationPage = lazy(() =>
  import('./pages/door/InvitationPage.tsx').then((m) => ({ default: m.InvitationPage })),
)
const ResetPage = lazy(() => import('./pages/door/ResetPage.tsx').then((m) => ({ default: m.ResetPage })))
const AuthorizePage = lazy(() =>
  import('./pages/door/AuthorizePage.tsx').then((m) => ({ default: m.AuthorizePage })),
)
const OidcPage = lazy(() => import('./pages/door/OidcPage.tsx').then((m) => ({ default: m.OidcPage })))

const pages: Readonly<Record<string, ComponentType>> = {
  '/authorize': AuthorizePage,
  '/invitation': InvitationPage,
  '/login/oidc': OidcPage,
  '/reset': ResetPage,
}

/** The pages of the way in, each by itself: without the app, its router and its query client. */
export function showDoor(root: Root): void {
  const Page: ComponentType = pages[location.pathname] ?? LoginPage
  root.render(
    <Suspense>
      <Page />
    </Suspense>,
  )
}
