import { type Change, changeList, type Revision, revisionList } from '@argos/contract'
import type { Stack } from '@argos/testkit'

/** The newest change. */
export async function lastChange({ api }: Pick<Stack, 'api'>): Promise<Change> {
  const [change] = (await api.call(changeList, { query: { limit: 1 } })).changes
  if (!change) throw new Error('there is no change')
  return change
}

/** What the edge was given last. */
export async function lastRevision({ api }: Pick<Stack, 'api'>): Promise<Revision> {
  const [revision] = (await api.call(revisionList, { query: { limit: 1 } })).revisions
  if (!revision) throw new Error('there is no revision')
  return revision
}
