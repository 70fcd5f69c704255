import { install } from '../service/install.ts'
import { remove, status } from '../service/remove.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'Argos as services of systemd, started at boot: install, update, remove',
  details: 'docs/operations.md tells where everything is then.',
  actions: { install, remove, status },
})
