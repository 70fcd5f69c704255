import type { UpstreamProbe } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import type { Inside, Policy } from '../guard/admit.ts'
import { GuardError } from '../guard/error.ts'
import type { GuardedFetch, GuardedReply } from '../guard/fetch.ts'
import type { GuardedUpgrade } from '../guard/upgrade.ts'
import type { UpstreamGuard } from '../guard/upstream.ts'
import { placeOf } from '../guard/url.ts'
import { type KnownApp, likelyApp } from './apps.ts'
import { type Pasted, pastedAddress, wrong } from './pasted.ts'
import { titleOf } from './title.ts'

export interface UpstreamProbeDeps {
  db: Kysely<DB>
  audit: Pick<Audit, 'record'>
  fetch: GuardedFetch
  upgrade: GuardedUpgrade
  checkUpstream: UpstreamGuard
  timeoutMs?: number
}

type Protocol = 'http' | 'https'
interface Attempt {
  readonly protocol: Protocol
  readonly port: number
  readonly tookMs: number
  readonly reply: GuardedReply | null
  readonly error: GuardError | null
}

/** Asks a service what it is: HTTP or HTTPS, WebSockets, which application (as a visitor without a session sees it). */
export function upstreamProber(deps: UpstreamProbeDeps) {
  const { fetch, checkUpstream, timeoutMs = 4_000 } = deps
  return async (actor: Actor, typed: string): Promise<UpstreamProbe> => {
    const pasted = pastedAddress(typed)
    const policy = auditedOnce(deps, actor, pasted)
    const ask = async (protocol: Protocol): Promise<Attempt> => {
      const port = pasted.port ?? (protocol === 'https' ? 443 : 80)
      const verdict = await checkUpstream({ address: pasted.host, port })
      if (verdict.kind === 'refused') throw wrong(verdict.message)
      const started = performance.now()
      const answer = await fetch(`${protocol}://${placeOf(pasted.host, port)}${pasted.path}`, {
        policy,
        timeoutMs,
        redirects: 3,
        across: 'stay',
        tls: 'observe',
        headers: { accept: 'text/html,*/*;q=0.8' },
      }).catch(asError)
      const tookMs = Math.round(performance.now() - started)
      const failed = answer instanceof GuardError
      return { protocol, port, tookMs, reply: failed ? null : answer, error: failed ? answer : null }
    }
    const [http, https] = await Promise.all([ask('http'), ask('https')])
    const chosen = choose(pasted.protocol, http, https)
    return chosen.reply === null
      ? unreachable(pasted, chosen)
      : described(deps, policy, pasted, chosen, chosen.reply)
  }
}

/** What was typed, if it works; else what does. An HTTPS port often answers plain HTTP with a 400. */
function choose(typed: Protocol | null, http: Attempt, https: Attempt): Attempt {
  const httpWorks = http.reply !== null && !(http.reply.status === 400 && https.reply !== null)
  if (typed === 'http') return httpWorks || https.reply === null ? http : https
  if (https.reply !== null) return https
  return http.reply !== null || typed === null ? http : https
}

async function described(
  { upgrade, timeoutMs = 4_000 }: UpstreamProbeDeps,
  policy: Policy,
  { host, path }: Pasted,
  { protocol, port, tookMs }: Attempt,
  reply: GuardedReply,
): Promise<UpstreamProbe> {
  const body = reply.body.toString('utf8')
  const title = titleOf(body)
  const app = likelyApp({ title, headers: reply.headers, body })
  const base = `${protocol}://${placeOf(host, port)}`
  const handshakes = webSocketPaths(app, path).map((p) =>
    upgrade(base + p, { policy, tls: 'observe', timeoutMs: Math.min(timeoutMs, 2_000) }),
  )
  return {
    ...empty(host, protocol, port),
    reachable: true,
    status: reply.status,
    latencyMs: tookMs,
    tls: reply.tls,
    webSocket: (await Promise.all(handshakes)).includes(true),
    app: app && { name: app.name, slug: app.slug, suggestedSubdomain: app.subdomain },
    title,
  }
}

/** The usual ones; the application's own first. */
const webSocketPaths = (app: KnownApp | null, path: string): string[] => [
  ...new Set([
    ...(app?.webSocketPath ? [app.webSocketPath] : []),
    path,
    '/ws',
    '/websocket',
    '/socket.io/?EIO=4&transport=websocket',
  ]),
]

function unreachable({ host }: Pasted, { protocol, port, error }: Attempt): UpstreamProbe {
  const place = placeOf(host, port)
  const problem = {
    refused: `Nothing listens on ${place}. Is the service running, and does it listen on this address?`,
    timeout: `${place} does not answer. Is the machine on, and does its firewall let this one in?`,
    unreachable: `There is no way from this machine to ${place}. Check the address and the network.`,
    tls: `${place} takes connections but no TLS. Try it with http://.`,
    protocol: `Something listens on ${place}, but it does not speak HTTP. Is this the port of its web page?`,
    closed: `${place} takes the connection and hangs up. Is this the port of its web page?`,
  }[error?.reason as string]
  return { ...empty(host, protocol, port), problem: problem ?? error?.message ?? `${place} does not answer.` }
}

const empty = (host: string, protocol: Protocol, port: number): UpstreamProbe => ({
  url: `${protocol}://${placeOf(host, port)}`,
  protocol,
  address: host,
  port,
  reachable: false,
  problem: null,
  status: null,
  latencyMs: null,
  tls: null,
  webSocket: null,
  app: null,
  title: null,
})

const asError = (err: unknown): GuardError => {
  if (err instanceof GuardError) return err
  throw err
}

/** One row for one question, however many connections it takes. */
function auditedOnce({ db, audit }: UpstreamProbeDeps, actor: Actor, { host, port }: Pasted): Policy {
  let written: Promise<void> | null = null
  const onInside = (inside: Inside) => {
    const name = placeOf(host, port ?? inside.port)
    written ??= db.transaction().execute((trx) =>
      audit.record(trx, actor, {
        action: 'probe.upstream',
        subject: { kind: 'address', id: null, name },
        words: `Asked ${name} what it is`,
        after: { address: inside.address, allowedBy: inside.allowedBy },
      }),
    )
    return written
  }
  return { reach: 'upstream', onInside }
}
