type Search = Readonly<Record<string, string | undefined>>

const withSearch = (path: string, search: Search = {}): string => {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) if (value) params.set(key, value)
  return params.size === 0 ? path : `${path}?${params}`
}
const segment = (id: string): string => encodeURIComponent(id)

/** Every address of the UI. Pages never write one by hand. */
export const paths = {
  overview: () => '/',
  login: (to?: string) => withSearch('/login', { to: to === '/' ? undefined : to }),
  setup: () => '/setup',
  apps: () => '/apps',
  account: (section?: string) => (section ? `/account#${segment(section)}` : '/account'),
  hosts: (search?: Search) => withSearch('/hosts', search),
  hostNew: (search?: Search) => withSearch('/hosts/new', search),
  host: (id: string) => `/hosts/${segment(id)}`,
  hostTab: (id: string, tab: string) => `/hosts/${segment(id)}/${segment(tab)}`,
  pools: (search?: Search) => withSearch('/pools', search),
  pool: (id: string) => `/pools/${segment(id)}`,
  people: (search?: Search) => withSearch('/people', search),
  groups: (search?: Search) => withSearch('/people/groups', search),
  policies: (search?: Search) => withSearch('/policies', search),
  policyTest: (search?: Search) => withSearch('/policies/test', search),
  changes: (search?: Search) => withSearch('/changes', search),
  drift: () => '/changes/by-hand',
  audit: (search?: Search) => withSearch('/audit', search),
  system: () => '/system',
  settings: (section?: string) => (section ? `/settings#${segment(section)}` : '/settings'),
  singleSignOn: () => '/settings/single-sign-on',
} as const

/** The pages of the way in, which stand outside the app. */
export const isDoor = (pathname: string): boolean =>
  ['/login', '/login/oidc', '/authorize', '/invitation', '/reset'].includes(pathname)

/** Whether `to` is a place inside this UI; a full or protocol-relative URL after sign-in would be an open redirect. */
export const isInside = (to: string): boolean => /^\/(?![/\\])/.test(to) && !/[\\\p{Cc}]/u.test(to)
