import { isDeepStrictEqual } from 'node:util'
import { type Clause, localNetworks, type PolicyInput } from '@argos/contract'

const clause = (over: Partial<Clause>): Clause => ({
  ...{ who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null },
  ...over,
})

/** Policies that most people want, to be made with one press: those that are not there yet. */
export function offersFor(
  userId: string | null,
  policies: readonly PolicyInput[],
  noNetworks: string | null,
): PolicyInput[] {
  const offers: PolicyInput[] = [
    { name: 'Signed in', rules: { any: [clause({})] } },
    { name: 'Signed in with a second factor', rules: { any: [clause({ factorHours: 12 })] } },
    ...(userId === null
      ? []
      : [{ name: 'Only me', rules: { any: [clause({ who: 'these', people: [userId] })] } }]),
    ...(noNetworks === null
      ? [
          {
            name: 'Free at home, signed in elsewhere',
            rules: { any: [clause({ who: 'everyone', networks: [...localNetworks] }), clause({})] },
          },
        ]
      : []),
  ]
  return offers.filter(
    (offer) => !policies.some((p) => p.name === offer.name || isDeepStrictEqual(p.rules, offer.rules)),
  )
}
