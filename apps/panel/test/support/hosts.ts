import {
  type Host,
  type HostInput,
  hostCreate,
  hostDelete,
  hostUpdate,
  hostView,
  type Pool,
  type PoolInput,
  poolUpdate,
  poolView,
  type Saved,
  type TlsMode,
} from '@argos/contract'
import { type ApiClient, eventually, type Stack, type Upstream } from '@argos/testkit'

export interface Wish {
  readonly domains: readonly string[]
  /** What stands behind it; several share the visitors. */
  readonly to: Upstream | readonly Upstream[]
  /** `none` unless told: plain HTTP, so that no certificate is waited for. */
  readonly tls?: TlsMode
  readonly enabled?: boolean
  readonly tags?: readonly string[]
  readonly pool?: Partial<PoolInput>
}

/** The body that creates a host over a pool of its own. */
export function wanted({ domains, to, tls = 'none', enabled = true, tags = [], pool = {} }: Wish) {
  const upstreams = 'port' in to ? [to] : to
  return {
    domains: [...domains],
    tls,
    enabled,
    tags: [...tags],
    upstream: {
      pool: {
        name: `${domains[0]} pool`.slice(0, 63),
        targets: upstreams.map(({ port }) => ({ address: '127.0.0.1', port })),
        ...pool,
      },
    },
  }
}

/** Creates a host and waits until the edge serves it. */
export async function publish(stack: Stack, wish: Wish): Promise<Host> {
  const { host } = await stack.api.call(hostCreate, { body: wanted(wish) })
  await live(stack, host.id)
  return view(stack, host.id)
}

/** Creates many, some at a time, and waits for all of them. */
export async function publishMany(stack: Stack, wishes: readonly Wish[]): Promise<Host[]> {
  const hosts: Host[] = []
  for (let at = 0; at < wishes.length; at += 25) {
    const some = wishes.slice(at, at + 25)
    const made = await Promise.all(some.map((wish) => stack.api.call(hostCreate, { body: wanted(wish) })))
    hosts.push(...made.map(({ host }) => host))
  }
  await stack.inSync()
  return hosts
}

export const view = (stack: Stack, id: string): Promise<Host> => stack.api.call(hostView, { params: { id } })

/** Resolves when the edge serves what was saved of this host. */
export async function live(stack: Stack, id: string): Promise<Host> {
  return eventually('the host is live', async () => {
    const host = await view(stack, id)
    if (host.state.edge === 'refused') throw new Error(`refused: ${host.state.trouble?.message}`)
    return host.state.edge === 'live' || host.state.edge === 'off' ? host : null
  })
}

export const inputOf = ({ domains, enabled, tls, access, tags, note, poolId }: Host): HostInput => ({
  domains,
  enabled,
  tls,
  access,
  tags,
  note,
  poolId,
})

export interface Edited {
  readonly host: Host
  readonly saved: Saved
}

/** Changes a host as it stands now. Does not wait for the edge. */
export async function edit(
  { api }: { api: ApiClient },
  id: string,
  change: (host: Host) => Partial<HostInput>,
): Promise<Edited> {
  const host = await api.call(hostView, { params: { id } })
  return api.call(hostUpdate, {
    params: { id },
    body: { ...inputOf(host), ...change(host), version: host.version },
  })
}

/** Changes a pool as it stands now. Does not wait for the edge. */
export async function editPool(
  { api }: { api: ApiClient },
  id: string,
  change: (pool: Pool) => Partial<PoolInput>,
): Promise<Pool> {
  const pool = await api.call(poolView, { params: { id } })
  const { name, protocol, verifyTls, preserveHost, health, targets, version } = pool
  const as = { name, protocol, verifyTls, preserveHost, health, version }
  const body = {
    ...as,
    targets: targets.map(({ address, port, weight, enabled }) => ({ address, port, weight, enabled })),
  }
  return (await api.call(poolUpdate, { params: { id }, body: { ...body, ...change(pool) } })).pool
}

export const remove = (stack: Stack, id: string) => stack.api.call(hostDelete, { params: { id } })
