import { restore, undo } from '../revisions/change.ts'
import { extend, keep, pending, putBack } from '../revisions/pending.ts'
import { diff, list, show } from '../revisions/read.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'What went live, by whom; undo it, restore it, keep it',
  details: 'NUMBER is that of a revision, as in 17 or r17.',
  actions: { list, show, diff, undo, restore, pending, keep, return: putBack, extend },
})
