import { z } from 'zod'
import { IdParams, operation } from './operation.ts'

/** Lists whose filters can be kept. */
export const ViewPage = z.enum(['hosts'])
export type ViewPage = z.infer<typeof ViewPage>

/** A list's filters under a name, each person's own. */
export const SavedView = z.object({
  id: z.string(),
  page: ViewPage,
  name: z.string(),
  /** What stands after the question mark in the list's address: `q=nas&tags=media`. */
  query: z.string(),
})
export type SavedView = z.infer<typeof SavedView>

const tag = 'Views'
export const viewList = operation({
  id: 'viewList',
  method: 'GET',
  path: '/api/v1/views',
  scope: 'session',
  tag,
  summary: 'Your saved views of a list',
  query: z.object({ page: ViewPage }),
  status: 200,
  response: z.object({ views: z.array(SavedView) }),
})
export const viewSave = operation({
  id: 'viewSave',
  method: 'POST',
  path: '/api/v1/views',
  scope: 'session',
  tag,
  summary: 'Save a view of a list, or change one of yours',
  body: z.object({
    /** The view to change; without it a new one is made. */
    id: IdParams.shape.id.optional(),
    page: ViewPage,
    name: z.string().trim().min(1, 'Give the view a name.').max(40, 'At most 40 characters.'),
    query: z.string().max(500, 'These filters are too long to keep.'),
  }),
  status: 200,
  response: SavedView,
})
export const viewDelete = operation({
  id: 'viewDelete',
  method: 'DELETE',
  path: '/api/v1/views/:id',
  scope: 'session',
  tag,
  summary: 'Delete one of your saved views',
  params: IdParams,
  status: 204,
})
