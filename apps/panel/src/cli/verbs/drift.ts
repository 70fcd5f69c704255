import { adopt, reapply, show } from '../drift/drift.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'What somebody else changed at the edge; put it back or adopt it',
  details: 'The panel never overwrites such a change by itself; everything else goes live meanwhile.',
  actions: { show, reapply, adopt },
})
