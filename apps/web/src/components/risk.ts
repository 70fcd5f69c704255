import { changePreview, type Intent, type Preview } from '@argos/contract'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query.ts'

/** What a change would do. */
export const previewQuery = (intent: Intent) => ({
  queryKey: [changePreview.id, JSON.stringify(intent)],
  queryFn: ({ signal }: { signal?: AbortSignal }): Promise<Preview> =>
    call(changePreview, { body: { intent } }, signal),
})

/** The same, asked just before it would be done. */
export const askPreview = (intent: Intent): Promise<Preview> =>
  queryClient.fetchQuery({ ...previewQuery(intent), staleTime: 0, retry: false })

/** Whether it must be read on its own before it is done. */
export const mustBeRead = ({ risk, blocked }: Preview): boolean => risk === 'risky' || blocked !== null
