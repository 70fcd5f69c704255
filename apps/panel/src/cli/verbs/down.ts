import { runningInstance } from '../run/instance.ts'
import { leftovers } from '../run/leftovers.ts'
import { stopProcesses } from '../run/stop.ts'
import { verb } from '../verb.ts'

/** The launcher's own grace for its two children, and a little more. */
const LAUNCHER_GRACE_MS = 35_000
const LEFTOVER_GRACE_MS = 15_000

export default verb({
  summary: 'Stop everything gracefully, what a killed launcher left over included',
  usage: 'down',
  async run(context) {
    const places = context.layout()
    const instance = runningInstance(places)
    if (instance) await stopProcesses([instance.pid], LAUNCHER_GRACE_MS)
    const left = await leftovers(places)
    await stopProcesses(
      left.map((p) => p.pid),
      LEFTOVER_GRACE_MS,
    )
    if (instance) context.say(`Argos (pid ${instance.pid}) stopped.`)
    for (const p of left) context.say(`Stopped a left-over ${p.what} (pid ${p.pid}).`)
    if (!instance && left.length === 0) context.say('Argos is not running.')
  },
})
