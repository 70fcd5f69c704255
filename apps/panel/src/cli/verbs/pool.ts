import { add, rm, set } from '../pool/change.ts'
import { list, show } from '../pool/read.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'List and change pools, the services behind hosts',
  details:
    'NAME is the name of a pool, or its id. All of it goes through the running panel, as its pages do.',
  actions: { list, show, add, set, rm },
})
