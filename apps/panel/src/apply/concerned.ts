import { type DesiredState, policyIdsOf } from '@argos/caddy'

interface ObjectKey {
  readonly kind: 'host' | 'pool' | 'policy' | 'settings'
  readonly id: string
}

/** What a change does at the edge, object by object: it has no policies of its own, only hosts that use them. */
export function concerned(
  { hosts }: Pick<DesiredState, 'hosts'>,
  objects: readonly ObjectKey[],
): { readonly kind: 'host' | 'pool' | 'settings'; readonly id: string }[] {
  const policies = new Set(objects.flatMap((o) => (o.kind === 'policy' ? [o.id] : [])))
  const own = objects.flatMap(({ kind, id }) => (kind === 'policy' ? [] : [{ kind, id }]))
  if (policies.size === 0) return own
  const there = new Set(own.flatMap((o) => (o.kind === 'host' ? [o.id] : [])))
  const users = hosts.filter(
    ({ id, access }) => !there.has(id) && policyIdsOf(access).some((policy) => policies.has(policy)),
  )
  return [...own, ...users.map(({ id }) => ({ kind: 'host' as const, id }))]
}
