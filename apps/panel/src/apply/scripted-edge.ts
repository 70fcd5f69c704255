import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fragment, Pool } from '@argos/caddy'
import { type EdgeRefusals, etagOf, hashOf } from '@argos/caddy-admin'

interface Body {
  generation: number
  origin?: string
  confirm?: { id: string; within_s: number }
  base?: unknown
  hosts: Record<string, Fragment | null>
  pools: Record<string, Pool | null>
}
export type Fault =
  /** The change is taken or not, then the answer is this. */
  | { readonly kind: '400' | '500' | 'reset' | 'hang'; readonly taken: boolean }
  /** Somebody else changes the edge just before. */
  | { readonly kind: 'meddle' }
  | { readonly kind: 'bad-base'; readonly message: string }

/** An edge that speaks the protocol on a real socket, holds what it is given, and fails as it is told. */
export interface ScriptedEdge {
  readonly socket: string
  readonly calls: string[]
  /** How often somebody asked for the list of everything. */
  listed: number
  base: unknown
  hosts: Record<string, Fragment>
  pools: Record<string, Pool>
  generation: number
  /** Who changed it last; undefined of an edge that does not know. */
  origin: string | undefined
  failed: Record<string, string> | null
  /** Faults of the next changes, one each. */
  faults: (Fault | null)[]
  /** Says why an object is refused, or null. */
  refuses: (key: string, value: Fragment | Pool) => EdgeRefusals[string] | null
  /** What it holds for a limited time, and what to go back to. */
  pending: { id: string; generation: number; within_s: number; back: () => void; problem?: string } | null
  confirmed: string | null
  reverted: { id: string; at: string; reason: string } | null
  api: number | undefined
  /** Faults of the next words about what it holds, one each. */
  wordFaults: (Fault | null)[]
  /** Goes back by itself. */
  expire(reason?: string): void
  /** As another process: what was not confirmed is gone. */
  restart(): void
  etag(): string
  listen(): Promise<void>
  close(): Promise<void>
}

export function scriptedEdge(): ScriptedEdge {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'))
  const sockets = new Set<Socket>()
  let starts = 0
  const server = createServer((req, res) => void answer(req, res))
  server.on('connection', (s) => void sockets.add(s))
  const hashes = <T>(of: Record<string, T>) =>
    Object.fromEntries(Object.entries(of).map(([id, v]) => [id, hashOf(v)]))
  const edge: ScriptedEdge = {
    socket: join(folder, 'edge.sock'),
    calls: [],
    listed: 0,
    base: null,
    hosts: {},
    pools: {},
    generation: 0,
    origin: '',
    failed: null,
    faults: [],
    refuses: () => null,
    pending: null,
    confirmed: null,
    reverted: null,
    api: 2,
    wordFaults: [],
    expire: (reason = 'timeout') => {
      if (!edge.pending) return
      edge.pending.back()
      edge.reverted = { id: edge.pending.id, at: new Date(0).toISOString(), reason }
      edge.pending = null
    },
    restart: () => {
      starts++
      edge.expire()
      edge.reverted = null
    },
    etag: () =>
      etagOf({
        base: edge.base === null ? null : hashOf(edge.base),
        hosts: hashes(edge.hosts),
        pools: hashes(edge.pools),
      }),
    listen: () => new Promise((resolve) => void server.listen(edge.socket, resolve)),
    close: async () => {
      for (const s of sockets) s.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const info = () => ({
    ...{
      version: 'scripted',
      caddy: 'v2',
      go: 'go1',
      pid: 1,
      started_at: `start-${starts}`,
      etag: edge.etag(),
    },
    ...{ base: edge.base === null ? null : hashOf(edge.base), generation: edge.generation, saved: true },
    ...{
      failed: edge.failed,
      origin: edge.origin,
      boot: { from: 'nothing', errors: null },
      open_requests: 0,
      listeners: null,
    },
    hosts: Object.fromEntries(
      Object.entries(edge.hosts).map(([id, f]) => [id, { hash: hashOf(f), generation: 1 }]),
    ),
    pools: Object.fromEntries(Object.entries(edge.pools).map(([id, p]) => [id, { hash: hashOf(p) }])),
    modules: ['http.handlers.argos_gate'],
    ...{ api: edge.api, confirmed: edge.confirmed, reverted: edge.reverted },
    pending: edge.pending && {
      ...{ id: edge.pending.id, generation: edge.pending.generation, within_s: edge.pending.within_s },
      ...{ deadline: new Date(0).toISOString(), remaining_ms: edge.pending.within_s * 1_000 },
      problem: edge.pending.problem,
    },
  })
  const take = ({ generation, base, hosts, pools, origin = '' }: Body): EdgeRefusals => {
    const etag = edge.etag()
    const refused: EdgeRefusals[] = []
    const put = <T extends Fragment | Pool>(
      kind: string,
      into: Record<string, T>,
      id: string,
      value: T | null,
    ) => {
      const why = value === null ? null : edge.refuses(`${kind}:${id}`, value)
      if (why) refused.push({ [`${kind}:${id}`]: why })
      else if (value === null) delete into[id]
      else into[id] = value
    }
    if (base !== undefined) {
      edge.base = base
      for (const id of Object.keys(edge.hosts)) if (!hosts[id]) delete edge.hosts[id]
      for (const id of Object.keys(edge.pools)) if (!pools[id]) delete edge.pools[id]
    }
    for (const [id, pool] of Object.entries(pools)) put('pool', edge.pools, id, pool)
    for (const [id, host] of Object.entries(hosts)) put('host', edge.hosts, id, host)
    edge.generation = generation
    if (edge.origin !== undefined && edge.etag() !== etag) edge.origin = origin
    return Object.assign({}, ...refused) as EdgeRefusals
  }
  const hold = (body: Body): EdgeRefusals => {
    const { base, hosts, pools, generation, origin } = edge
    const [formerHosts, formerPools] = [{ ...hosts }, { ...pools }]
    const back = () =>
      void Object.assign(edge, { base, hosts: formerHosts, pools: formerPools, generation, origin })
    const refused = take(body)
    if (!body.confirm) return refused
    if (Object.keys(refused).length > 0) back()
    else edge.pending = { ...body.confirm, generation: body.generation, back }
    return refused
  }
  /** Confirm, revert and extend. */
  const word = (res: ServerResponse, path: string, { id }: { id: string }) => {
    const fault = edge.wordFaults.shift() ?? null
    edge.calls.push(path.slice('/argos/'.length))
    if (fault && 'taken' in fault && !fault.taken) return broken(res, fault)
    if (edge.pending?.id !== id) return json(res, 404, { error: 'no such change waits' })
    if (path === '/argos/revert') edge.expire('asked')
    if (path === '/argos/confirm') {
      edge.confirmed = id
      edge.pending = null
    }
    const { generation } = edge
    return fault
      ? broken(res, fault)
      : json(res, 200, { etag: edge.etag(), generation, remaining_ms: 300_000 })
  }
  const broken = (res: ServerResponse, fault: Fault) => {
    if (fault.kind === '400') return json(res, 400, { error: 'boom' })
    if (fault.kind === '500') return json(res, 500, { error: 'boom' })
    if (fault.kind === 'hang') return undefined
    res.writeHead(200, { 'content-length': 500 })
    return res.write('{"etag":', () => res.destroy())
  }
  const json = (res: ServerResponse, status: number, body: unknown) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    let text = ''
    for await (const chunk of req as AsyncIterable<Buffer>) text += chunk.toString('utf8')
    const path = req.url ?? ''
    if (path === '/argos/info') edge.listed += 1
    if (path.startsWith('/argos/info')) return json(res, 200, info())
    if (path === '/config/') {
      const { apps = {}, ...rest } = (edge.base ?? {}) as { apps?: { argos?: object } }
      const argos = { ...apps.argos, generation: edge.generation, hosts: edge.hosts, pools: edge.pools }
      return json(res, 200, { ...rest, apps: { ...apps, argos } })
    }
    if (path === '/argos/health') return json(res, 200, { pools: {} })
    if (path === '/argos/certificates') return json(res, 200, { names: {} })
    if (/^\/argos\/(confirm|revert|extend)$/.test(path)) return word(res, path, JSON.parse(text))
    const body = JSON.parse(text) as Body
    if (path === '/argos/validate') {
      const all = [
        ...Object.entries(body.hosts).map(([id, v]) => [`host:${id}`, v] as const),
        ...Object.entries(body.pools).map(([id, v]) => [`pool:${id}`, v] as const),
      ]
      const found = all.flatMap(([key, v]) => {
        const why = v === null ? null : edge.refuses(key, v)
        return why ? [[key, why] as const] : []
      })
      return json(res, 200, { refused: Object.fromEntries(found) })
    }
    edge.calls.push(path === '/load' ? 'load' : 'swap')
    const fault = edge.faults.shift() ?? null
    if (fault?.kind === 'meddle') {
      edge.pools.p_foreign = { ...aPool, targets: [] }
      edge.origin = ''
    }
    if (req.headers['if-match'] !== `"${edge.etag()}"`)
      return json(res, 412, { error: 'stale', etag: edge.etag() })
    if (fault?.kind === 'bad-base') return json(res, 400, { error: fault.message })
    if (edge.pending) return json(res, 423, { error: 'another change waits', pending: edge.pending.id })
    if (path === '/argos/swap' && edge.base === null) return json(res, 409, { error: 'nothing is loaded' })
    if (fault === null || fault.kind === 'meddle') {
      const refused = hold(body)
      const [why] = body.confirm ? Object.values(refused) : []
      if (why) return json(res, 400, { error: why.message, refused })
      return json(res, 200, { refused, etag: edge.etag(), generation: edge.generation })
    }
    if (fault.taken) hold(body)
    return broken(res, fault)
  }
  return edge
}

const aPool: Pool = {
  targets: [{ dial: '10.0.0.5:80', weight: 1 }],
  protocol: 'http',
  verify_tls: true,
  preserve_host: true,
  health: { kind: 'tcp', path: '/', interval_s: 15, timeout_s: 5 },
}
