import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { GuardError } from './error.ts'

/** All addresses of a name, or the address itself. Rejects with `unresolved` when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** The system's own way (hosts file, mDNS, DNS): what the edge's dial would see too. */
export const systemResolve: Resolve = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return [...new Set(found.map(({ address }) => address))]
}

/** Resolves once, within the time that is left. */
export async function addressesOf(
  host: string,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const found = await raced(resolve(host), host, signal)
  if (found.length === 0) throw unresolved(host)
  return found
}

async function raced(answer: Promise<readonly string[]>, host: string, signal: AbortSignal) {
  const late = Promise.withResolvers<never>()
  const stop = () =>
    late.reject(new GuardError('unresolved', `The resolver did not answer for ${host} in time.`))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await Promise.race([answer, late.promise])
  } catch (err) {
    throw err instanceof GuardError ? err : unresolved(host, err)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const unresolved = (host: string, cause?: unknown) =>
  new GuardError('unresolved', `${host} has no address in DNS, as this machine sees it.`, { cause })
