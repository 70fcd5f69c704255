import type { Evict } from '@argos/caddy-admin'
import type { Clock } from '../clock.ts'
import type { Facts } from './facts.ts'

const KEEP_MS = 30_000
const MOST = 10_000

export interface Kept {
  /** Hex SHA-256, and the host at which it was shown: at another it may stand for nothing. */
  readonly credential: string
  readonly host: string
  readonly facts: Facts
}
/** What credentials stand for. Unknown ones are not kept: a flood of them would push out those that are somebody's. */
export interface FactsCache {
  get(credential: string, host: string): Kept | null
  /** Before the database is read; what `put` needs to know. */
  epoch(): number
  /** Kept only when nothing was evicted since `epoch`: what was read before an eviction is not put back after it. */
  put(epoch: number, kept: Kept): void
  evict(what: Evict): void
  readonly size: number
}

interface Entry extends Kept {
  readonly until: number
}

export function factsCache(clock: Clock, { most = MOST, keepMs = KEEP_MS } = {}): FactsCache {
  /** Oldest use first. */
  const entries = new Map<string, Entry>()
  let epoch = 0

  return {
    get size() {
      return entries.size
    },
    get(credential, host) {
      const key = keyOf(credential, host)
      const found = entries.get(key)
      if (found === undefined) return null
      entries.delete(key)
      if (found.until <= clock.now()) return null
      entries.set(key, found)
      return found
    },
    epoch: () => epoch,
    put(at, kept) {
      if (at !== epoch) return
      const now = clock.now()
      const until = Math.min(now + keepMs, kept.facts.until)
      if (until <= now) return
      const key = keyOf(kept.credential, kept.host)
      entries.delete(key)
      entries.set(key, { ...kept, until })
      if (entries.size <= most) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    evict(what) {
      epoch += 1
      for (const [key, entry] of entries) if (matches(entry, what)) entries.delete(key)
    },
  }
}

function matches({ credential, host, facts }: Kept, what: Evict): boolean {
  if ('all' in what) return true
  if ('session' in what) return facts.session === what.session
  if ('person' in what) return facts.person?.id === what.person
  if ('host' in what) return host === what.host
  return credential === what.credential
}

const keyOf = (credential: string, host: string): string => `${credential} ${host}`
