import { logout, oidcLogout } from '@argos/contract'
import { call } from '../api/call.ts'
import { paths } from '../lib/paths.ts'

/** Ends the session here, and at the provider when it came from one that offers that. */
export async function signOut(): Promise<void> {
  const there = await call(oidcLogout).catch(async () => {
    await call(logout).catch(() => undefined) // signed out here either way; the cookie's session ends on its own
    return { url: null }
  })
  // A full load: nothing of this person may stay in memory.
  location.assign(there.url ?? paths.login())
}
