import { type Access, type Policy, policyList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../api/query.ts'
import { things } from '../lib/words.ts'

export interface Policies {
  readonly all: readonly Policy[]
  readonly of: (id: string) => Policy | undefined
  /** What a policy is called; while it is not known, a word that says so. */
  readonly nameOf: (id: string) => string
  readonly loaded: boolean
  readonly noNetworks: string | null
}

/** The policies there are, and their names. */
export function usePolicies(): Policies {
  const { data, isSuccess } = useQuery({ ...query(policyList), staleTime: 10_000 })
  const all = data?.policies ?? []
  const of = (id: string) => all.find((policy) => policy.id === id)
  return {
    all,
    of,
    nameOf: (id) => of(id)?.name ?? 'a policy',
    loaded: isSuccess,
    noNetworks: data?.noNetworks ?? null,
  }
}

/** Who gets in, short enough for a cell: "public · everyone", "Family · 2 paths differ". */
export function accessCell(
  access: Access,
  nameOf: (id: string) => string,
): { readonly open: boolean; readonly words: string; readonly beside: string } {
  if (access.kind === 'public') return { open: true, words: 'public', beside: 'everyone' }
  const n = access.paths.length
  const beside = n === 0 ? '' : `${things(n, 'path')} ${n === 1 ? 'differs' : 'differ'}`
  return { open: false, words: nameOf(access.policyId), beside }
}
