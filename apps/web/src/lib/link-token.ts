let token: string | null = null

const taking: readonly string[] = ['/setup', '/invitation', '/reset']

/**
 * Takes the one-time token out of `/setup#token=…` and its like, and out of the address bar at once. It travels in the
 * fragment, which browsers never send, so no log, proxy or history entry gets to see it. Runs before anything else
 * looks at the address.
 */
export function takeLinkToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!taking.includes(location.pathname) || given === null) return
  token = given
  history.replaceState(history.state, '', location.pathname)
}

/** The token of this page load, in memory only. */
export const linkToken = (): string | null => token
