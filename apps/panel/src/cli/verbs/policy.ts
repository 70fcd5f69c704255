import { add, rm, set } from '../policy/change.ts'
import { list, show, test } from '../policy/read.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'List, change and test policies: who gets into hosts',
  details:
    'NAME is the name of a policy, or its id. A host uses one by `./argos host set NAME policy=POLICY`. All of it goes through the running panel, as its pages do.',
  actions: { list, show, add, set, rm, test },
})
