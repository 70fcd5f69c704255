import { meView, type OidcPurpose, type OidcReturn, oidcStart } from '@argos/contract'
import { call } from '../../api/call.ts'
import { sessionIs } from '../../api/session.ts'
import { isInside, paths } from '../../lib/paths.ts'

const key = 'argos.after-sign-in'

/** Whoever comes here from elsewhere may have a session, whose token this page has not been told yet. */
export const knowSession = (): Promise<void> => call(meView).then(sessionIs, () => undefined)

/** Goes to the provider; `to` is the page of this UI to come back to. It waits in this tab alone. */
export async function goToProvider(purpose: OidcPurpose, to: string, authorize?: OidcReturn): Promise<void> {
  await knowSession()
  const { url } = await call(oidcStart, { body: { purpose, authorize: authorize ?? null } })
  sessionStorage.setItem(key, to)
  location.assign(url)
}

/** Where to go on after the visit at the provider, once. */
export function cameFrom(): string {
  const to = sessionStorage.getItem(key) ?? ''
  sessionStorage.removeItem(key)
  return isInside(to) ? to : paths.overview()
}

/** The query of the page `/authorize`, as it is written in an address. */
export const authorizePath = (asked: OidcReturn): string =>
  `/authorize?${new URLSearchParams(Object.entries(asked).filter((e): e is [string, string] => Boolean(e[1])))}`
