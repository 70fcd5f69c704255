import { changePreview, type Intent, type Preview } from '@argos/contract'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query.ts'

/** What a change would do. */
export const previewQuery = (intent: Intent) => ({
  queryKey: [changePreview.id, JSON.stringify(intent)],
  queryFn: ({ signal }: { signal?: AbortSignal }): Promise<Preview> =>
    call(changePreview, { body: { intent } }, signal),
})

/** Whether a change must be read on its own before it is done, asked just before it would be. */
export async function mustBeRead(intent: Intent): Promise<boolean> {
  const preview = await queryClient.fetchQuery({ ...previewQuery(intent), staleTime: 0, retry: false })
  return preview.risk === 'risky' || preview.blocked !== null
}
