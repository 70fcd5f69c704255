let token: string | null = null

/**
 * Takes the one-time token out of `/setup#token=…` and the address bar at once. It travels in the fragment, which browsers
 * never send, so no log, proxy or history entry gets to see it. Runs before the router looks at the address.
 */
export function takeSetupToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.pathname !== '/setup' || given === null) return
  token = given
  history.replaceState(history.state, '', location.pathname)
}

/** The token of this page load, in memory only. */
export const setupToken = (): string | null => token
