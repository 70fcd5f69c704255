import {
  ApiError,
  type Call,
  canonicalName,
  type Host,
  hostList,
  hostView,
  IdParams,
  type Pool,
  poolList,
} from '@argos/contract'
import { notFound } from '../api.ts'

/** The host with this name, any of its names, or this id. */
export async function findHost(call: Call, typed: string): Promise<Host> {
  const nobody = notFound(`There is no host \`${typed}\`. \`./argos host list\` shows them.`)
  const named = canonicalName(typed)
  if (named.ok) {
    const { hosts } = await call(hostList, { query: { q: named.name } })
    const host = hosts.find(({ domains }) => domains.includes(named.name))
    if (host) return host
    throw nobody
  }
  const params = IdParams.safeParse({ id: typed })
  if (!params.success) throw nobody
  try {
    return await call(hostView, { params: params.data })
  } catch (err) {
    throw err instanceof ApiError && err.code === 'not_found' ? nobody : err
  }
}

/** The pool with this name, however it is capitalised, or this id. */
export async function findPool(call: Call, typed: string): Promise<Pool> {
  const { pools } = await call(poolList, {})
  const fits = (pool: Pool) => pool.id === typed || pool.name === typed
  const pool = pools.find(fits) ?? pools.find(({ name }) => name.toLowerCase() === typed.toLowerCase())
  if (pool) return pool
  throw notFound(`There is no pool \`${typed}\`. \`./argos pool list\` shows them.`)
}
