import { type Me, meView, type Operation } from '@argos/contract'
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, call, type Input, type Output } from './call.ts'
import { sessionIs } from './session.ts'

const worthRetrying = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status >= 500 || error.status === 0

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && worthRetrying(error),
      // Old rows stay on screen while new ones load.
      placeholderData: (previous: unknown) => previous,
    },
  },
})

type Reading<O extends Operation> =
  Record<never, never> extends Input<O> ? [input?: Input<O>] : [input: Input<O>]

/** Query options of a reading operation, keyed by its id: `useQuery(query(hostList, { query: { q } }))`. */
export function query<O extends Operation>(op: O, ...[input]: Reading<O>) {
  return queryOptions({
    queryKey: [op.id, input ?? {}] as const,
    // `Reading` and the arguments of `call` are the same condition on O, which TypeScript cannot see through.
    queryFn: ({ signal }): Promise<Output<O>> =>
      (call as (op: O, input: unknown, signal: AbortSignal) => Promise<Output<O>>)(op, input, signal),
  })
}

/** Marks every answer of these operations as old, whatever they were asked for. */
export const refresh = (...ops: readonly Operation[]): Promise<unknown> =>
  Promise.all(ops.map((op) => queryClient.invalidateQueries({ queryKey: [op.id] })))

export const meQuery = queryOptions({
  ...query(meView),
  queryFn: async ({ signal }) => {
    const me = await call(meView, {}, signal)
    sessionIs(me)
    return me
  },
  staleTime: 60_000,
})

/** After a sign-in: every page now belongs to this person. */
export function signedInAs(me: Me): void {
  sessionIs(me)
  queryClient.setQueryData(meQuery.queryKey, me)
  void queryClient.invalidateQueries({ predicate: (q) => q.queryKey[0] !== meView.id })
}
