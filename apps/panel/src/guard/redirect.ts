import type { Admitted } from './admit.ts'
import { GuardError } from './error.ts'
import type { GuardedReply, Hop } from './hop.ts'
import { callableUrl, hostOf, portOf } from './url.ts'

const redirecting = [301, 302, 303, 307, 308]
/** What must not travel to another origin. */
const secret = ['authorization', 'cookie', 'proxy-authorization']

/**
 * The next call of a chain, or null when the reply is no redirect to be followed. Where it leads is checked when it
 * is resolved: never from the Internet into a private network, and inside one never to another place (SS-03).
 */
export function follow({
  hop: { url, request },
  reply,
  reached,
}: {
  hop: Hop
  reply: GuardedReply
  reached: readonly Admitted[]
}): Hop | null {
  const location = [reply.headers.location].flat()[0]
  if (!redirecting.includes(reply.status) || !location) return null
  if (!URL.canParse(location, url.href))
    throw new GuardError('redirect', 'It redirects to no address at all.')
  const next = callableUrl(new URL(location, url.href).href)
  const sameHost = hostOf(next) === hostOf(url)
  const samePlace = sameHost && portOf(next) === portOf(url)
  if (!samePlace && request.across === 'stay') return null
  if (url.protocol === 'https:' && next.protocol === 'http:')
    throw new GuardError('redirect', 'It redirects from https:// to http://, which is not followed.')
  if (sameHost && !samePlace && reached.some((a) => a.reach !== 'public'))
    throw new GuardError('redirect', 'It redirects to another port inside a private network.')
  const keepsBody = reply.status === 307 || reply.status === 308
  return { url: next, request: turned(request, { keepsBody, samePlace }), before: { url, reached } }
}

/** RFC 9110, 15.4: a redirected POST becomes a GET, but for 307 and 308. */
function turned(
  { body, method = 'GET', headers = {}, ...rest }: Hop['request'],
  { keepsBody, samePlace }: { keepsBody: boolean; samePlace: boolean },
): Hop['request'] {
  const kept = samePlace
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.includes(name.toLowerCase())))
  if (keepsBody) return { ...rest, method, headers: kept, ...(body === undefined ? {} : { body }) }
  return { ...rest, method: method === 'HEAD' ? 'HEAD' : 'GET', headers: kept }
}
