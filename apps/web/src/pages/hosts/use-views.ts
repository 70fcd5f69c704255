import { type SavedView, viewDelete, viewList, viewSave } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ApiError, call } from '../../api/call.ts'
import { query, refresh } from '../../api/query.ts'
import { toast } from '../../ui/Toast.tsx'

const page = 'hosts'
const none: readonly SavedView[] = []

/** This person's saved views of the hosts. */
export const useViews = (): readonly SavedView[] =>
  useQuery({ ...query(viewList, { query: { page } }), staleTime: 60_000 }).data?.views ?? none

export async function saveView(
  wish: Pick<SavedView, 'name' | 'query'> & { id?: string },
): Promise<SavedView> {
  const view = await call(viewSave, { body: { page, ...wish } })
  await refresh(viewList)
  return view
}

/** Deletes one; the toast brings it back. */
export async function deleteView({ id, name, query }: SavedView): Promise<void> {
  try {
    await call(viewDelete, { params: { id } })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    toast(`Not deleted. ${error.message}`, { state: 'bad' })
    return
  }
  toast(`Deleted the view ${name}`, {
    action: { label: 'Undo', run: () => saveView({ name, query }).then(() => undefined, said) },
  })
  await refresh(viewList)
}
function said(error: unknown): void {
  if (!(error instanceof ApiError)) throw error
  toast(`Not brought back. ${error.message}`, { state: 'bad' })
}
