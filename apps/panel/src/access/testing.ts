import { type Access, Clause, type PolicyInput } from '@argos/contract'
import { aHost, noor, type TestHosts } from '../hosts/testing.ts'

export const aClause = (over: Partial<Clause> = {}): Clause =>
  Clause.parse({
    ...{ who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null },
    ...over,
  })
export const aPolicy = (over: Partial<PolicyInput> = {}): PolicyInput => ({
  name: 'Signed in',
  rules: { any: [aClause()] },
  ...over,
})
export const byPolicy = (
  policyId: string,
  over: Partial<Extract<Access, { kind: 'policy' }>> = {},
): Access => ({ ...{ kind: 'policy', policyId, paths: [], keep: true, assertion: false }, ...over })

export const addPerson = async ({ db }: Pick<TestHosts, 'db'>, id: string, username = id): Promise<void> => {
  await db
    .insertInto('user')
    .values({ id, username, password_hash: '', role: 'member', disabled: 0, created_at: 0 })
    .execute()
}
export const addGroup = async (
  { db }: Pick<TestHosts, 'db'>,
  id: string,
  members: readonly string[] = [],
): Promise<void> => {
  await db
    .insertInto('person_group')
    .values({ id, name: id.slice(2), created_at: 0 })
    .execute()
  for (const user_id of members)
    await db.insertInto('group_member').values({ group_id: id, user_id, source: 'manual' }).execute()
}

/** A host that uses a policy. */
export const guarded = async (t: TestHosts, input: PolicyInput = aPolicy()) => {
  const { policy } = await t.policies.create(noor, input)
  const { host } = await t.hosts.create(noor, aHost({ access: byPolicy(policy.id) }))
  return { policy, host }
}
