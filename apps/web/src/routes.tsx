import { setupView } from '@argos/contract'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError, call } from './api/call.ts'
import { meQuery, queryClient } from './api/query.ts'
import { paths } from './lib/paths.ts'
import { PageFailed } from './shell/ErrorBoundary.tsx'
import { NotFound } from './shell/NotFound.tsx'
import { Pending } from './shell/Pending.tsx'

/** Search values are plain strings; anything else in the address is dropped. */
const strings = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).filter((e): e is [string, string] => typeof e[1] === 'string'))

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: strings,
  component: lazyRouteComponent(() => import('./pages/setup/SetupPage.tsx'), 'SetupPage'),
})

const isMember = async () => (await queryClient.ensureQueryData(meQuery)).user.role === 'member'

/** All that members have; any other address leads them to their apps. */
const ofMembers: readonly string[] = [paths.overview(), paths.apps(), paths.account()]

/** Everything behind the sign-in. A role is of one load of the page: with another one all is loaded anew. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: lazyRouteComponent(
    async () =>
      (await isMember())
        ? { Shell: (await import('./shell/MemberShell.tsx')).MemberShell }
        : import('./shell/Shell.tsx'),
    'Shell',
  ),
  beforeLoad: async ({ location }) => {
    let member: boolean
    try {
      member = await isMember()
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.code !== 'setup_required'))
        throw error
      const { needed } = await call(setupView)
      // The sign-in page is loaded by itself, without this router.
      throw needed
        ? redirect({ to: '/setup' })
        : redirect({ href: paths.login(location.href), reloadDocument: true })
    }
    if (member && !ofMembers.includes(location.pathname)) throw redirect({ to: '/' })
  },
})
const page = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => app, path, validateSearch: strings, component })

const hosts = page(
  '/hosts',
  lazyRouteComponent(() => import('./pages/hosts/HostsPage.tsx'), 'HostsPage'),
)
const hostNew = createRoute({
  getParentRoute: () => hosts,
  path: '/new',
  component: lazyRouteComponent(() => import('./pages/hosts/HostNew.tsx'), 'HostNew'),
})

const pages = [
  page(
    '/',
    lazyRouteComponent(
      async () =>
        (await isMember())
          ? { Page: (await import('./pages/portal/PortalPage.tsx')).PortalPage }
          : { Page: (await import('./pages/overview/OverviewPage.tsx')).OverviewPage },
      'Page',
    ),
  ),
  page(
    '/apps',
    lazyRouteComponent(() => import('./pages/portal/PortalPage.tsx'), 'PortalPage'),
  ),
  page(
    '/account',
    lazyRouteComponent(() => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
  ),
  hosts.addChildren([hostNew]),
  page(
    '/hosts/$hostId/{-$tab}',
    lazyRouteComponent(() => import('./pages/host/HostPage.tsx'), 'HostPage'),
  ),
  page(
    '/pools',
    lazyRouteComponent(() => import('./pages/pools/PoolsPage.tsx'), 'PoolsPage'),
  ),
  page(
    '/pools/$poolId',
    lazyRouteComponent(() => import('./pages/pools/PoolPage.tsx'), 'PoolPage'),
  ),
  page(
    '/people/{-$tab}',
    lazyRouteComponent(() => import('./pages/people/PeoplePage.tsx'), 'PeoplePage'),
  ),
  page(
    '/policies/{-$tab}',
    lazyRouteComponent(() => import('./pages/policies/PoliciesPage.tsx'), 'PoliciesPage'),
  ),
  page(
    '/changes',
    lazyRouteComponent(() => import('./pages/changes/ChangesPage.tsx'), 'ChangesPage'),
  ),
  page(
    '/changes/by-hand',
    lazyRouteComponent(() => import('./pages/drift/DriftPage.tsx'), 'DriftPage'),
  ),
  page(
    '/audit',
    lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
  ),
  page(
    '/system',
    lazyRouteComponent(() => import('./pages/system/SystemPage.tsx'), 'SystemPage'),
  ),
  page(
    '/settings',
    lazyRouteComponent(() => import('./pages/settings/SettingsPage.tsx'), 'SettingsPage'),
  ),
  page(
    '/settings/single-sign-on',
    lazyRouteComponent(() => import('./pages/sso/SingleSignOnPage.tsx'), 'SingleSignOnPage'),
  ),
]

export const router = createRouter({
  routeTree: root.addChildren([setup, app.addChildren(pages)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  // A sentence a person can read, never JSON, in the address.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(strings(search)).toString()
    return text === '' ? '' : `?${text}`
  },
  defaultPendingComponent: Pending,
  defaultPendingMs: 300,
  defaultErrorComponent: ({ error, reset }) => <PageFailed error={error} reset={reset} />,
  defaultNotFoundComponent: NotFound,
})

// After a navigation the focus goes to the new page's heading, for readers and keyboards; the first load leaves it alone.
router.subscribe('onRendered', ({ fromLocation, toLocation, pathChanged }) => {
  if (!fromLocation || !pathChanged || toLocation.hash !== '') return
  if (document.querySelector('[role="dialog"]:not(.toast)')) return
  const heading = document.querySelector<HTMLElement>('main h1')
  heading?.focus({ preventScroll: true })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
