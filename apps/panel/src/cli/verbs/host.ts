import { add } from '../host/add.ts'
import { disable, enable, rm, set } from '../host/change.ts'
import { list, show } from '../host/read.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'List, publish and change hosts',
  details:
    'NAME is any name of a host, or its id. All of it goes through the running panel, as its pages do.',
  actions: { list, show, add, set, rm, enable, disable },
})
