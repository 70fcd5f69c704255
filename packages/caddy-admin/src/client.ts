import type { Fragment, Pool } from '@argos/caddy'
import { EdgeFailed } from './errors.ts'
import { type Ask, socketTransport, type TransportLimits } from './transport.ts'
import type {
  Decided,
  EdgeCertificates,
  EdgeHealth,
  EdgeInfo,
  EdgePendingChange,
  EdgeRefusals,
  EdgeSummary,
  Evict,
  Evicted,
  Load,
  Swap,
  Taken,
} from './types.ts'

/**
 * The edge's admin API on its unix socket. Every call rejects with EdgeUnreachable, EdgeFailed, EdgeStale,
 * EdgePending or EdgeRefused and with nothing else.
 */
export interface EdgeClient {
  info(): Promise<EdgeInfo>
  /** The same without the list of hosts, pools and modules. */
  summary(): Promise<EdgeSummary>
  /** Provisions and throws away; changes nothing. */
  validate(set: {
    hosts: Readonly<Record<string, Fragment>>
    pools: Readonly<Record<string, Pool>>
  }): Promise<EdgeRefusals>
  /**
   * Each entry alone goes live or is refused. Live and saved when it answers; with `confirm` live, whole or not at all
   * (EdgeRefused, with what was refused), and saved once it is confirmed.
   */
  swap(ifMatch: string, swap: Swap): Promise<Taken>
  /** The whole configuration. Rejects with EdgeRefused when the base is not taken: then nothing changed. */
  load(ifMatch: string, load: Load): Promise<Taken>
  /** Keeps the change that was taken for a limited time: saved when it answers. May be repeated. */
  confirm(id: string): Promise<Decided>
  /** Goes back from it now. */
  revert(id: string): Promise<Decided>
  /** Puts its deadline off to so long from now. */
  extend(id: string, withinS: number): Promise<EdgePendingChange>
  /** Forgotten, and their open requests told to end, when it answers. */
  evict(what: Evict): Promise<Evicted>
  /** The effective configuration in Caddy's dialect, or a part of it. */
  config(path?: string): Promise<unknown>
  health(): Promise<EdgeHealth>
  certificates(): Promise<EdgeCertificates>
  /** Prometheus text. */
  metrics(): Promise<string>
  close(): Promise<void>
}

const MB = 1024 * 1024

export function edgeClient(socketPath: string, limits: TransportLimits = {}): EdgeClient {
  const { ask, close } = socketTransport(socketPath, limits)
  const get = (path: string, maxBytes = 16 * MB) => ask({ method: 'GET', path, maxBytes }).then(parse)
  const post = (path: string, body: unknown, more: Partial<Ask> = {}) =>
    ask({ method: 'POST', path, maxBytes: 16 * MB, body: JSON.stringify(body), ...more }).then(parse)
  return {
    info: async () => shaped<EdgeInfo>(await get('/argos/info'), 'etag', 'hosts', 'pools'),
    summary: async () => shaped<EdgeSummary>(await get('/argos/info?summary=1'), 'etag', 'generation'),
    validate: async (set) =>
      shaped<{ refused: EdgeRefusals }>(await post('/argos/validate', set), 'refused').refused,
    swap: async (ifMatch, swap) =>
      shaped<Taken>(await post('/argos/swap', swap, { ifMatch, takes: 'swap' }), 'etag', 'refused'),
    // A load provisions every host again, and listeners and TLS besides.
    load: async (ifMatch, load) =>
      shaped<Taken>(await post('/load', load, { ifMatch, takes: 'load' }), 'etag', 'refused'),
    confirm: async (id) => shaped<Decided>(await post('/argos/confirm', { id }, { takes: 'swap' }), 'etag'),
    // What it changed may have been a load.
    revert: async (id) => shaped<Decided>(await post('/argos/revert', { id }, { takes: 'load' }), 'etag'),
    extend: async (id, within_s) =>
      shaped<EdgePendingChange>(await post('/argos/extend', { id, within_s }), 'remaining_ms'),
    evict: async (what) => shaped<Evicted>(await post('/argos/evict', what), 'dropped', 'cancelled'),
    config: (path = '') => get(`/config/${path}`, 128 * MB),
    health: async () => shaped<{ pools: EdgeHealth }>(await get('/argos/health'), 'pools').pools,
    certificates: async () =>
      shaped<{ names: EdgeCertificates }>(await get('/argos/certificates'), 'names').names,
    metrics: () => ask({ method: 'GET', path: '/metrics', maxBytes: 16 * MB }),
    close,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EdgeFailed('The edge answered something that is not JSON.', { cause })
  }
}

/** The edge is ours and its types are kept by the suite on the real binary; here only what a broken one would lack. */
function shaped<T extends object>(value: unknown, ...fields: (keyof T & string)[]): T {
  const object = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const missing = fields.find((f) => object[f] === undefined || object[f] === null)
  if (missing) throw new EdgeFailed(`The edge answered without \`${missing}\`.`)
  return object as T
}
