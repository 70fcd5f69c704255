import type { Access, FieldError, PolicyInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { ClientSight } from './client-sight.ts'
import { policyStore } from './policy.store.ts'

/** Refuses rules that go by networks while visitors' addresses are not their own (CR-12). `at`: where the policy stands. */
export async function refuseHiddenNetworks(
  sight: ClientSight,
  { rules }: Pick<PolicyInput, 'rules'>,
  at = '',
): Promise<void> {
  const fields: FieldError[] = []
  for (const [i, { networks }] of rules.any.entries()) {
    const message = await sight.refusal(networks)
    if (message !== null) fields.push({ path: `${at}rules.any.${i}.networks`, message })
  }
  const [first] = fields
  if (first) throw new AppError('invalid', first.message, { fields })
}

/** Each policy that a host names is there. `at`: where the host stands in a body. */
export async function refuseUnknownPolicies(db: Kysely<DB>, access: Access, at = ''): Promise<void> {
  if (access.kind === 'public') return
  const asked = [
    { id: access.policyId, path: `${at}access.policyId` },
    ...access.paths.flatMap((p, i) =>
      p.access === 'public' ? [] : [{ id: p.access, path: `${at}access.paths.${i}.access` }],
    ),
  ]
  const known = new Set((await policyStore(db).some(asked.map(({ id }) => id))).map(({ id }) => id))
  const message = 'There is no such policy. Choose another one; it may have been deleted.'
  const fields = asked.filter(({ id }) => !known.has(id)).map(({ path }): FieldError => ({ path, message }))
  if (fields.length > 0) throw new AppError('invalid', message, { fields })
}
