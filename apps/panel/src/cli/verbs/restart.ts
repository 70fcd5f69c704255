import { setTimeout as sleep } from 'node:timers/promises'
import { edgeInfo, panelAnswers } from '../run/ask.ts'
import { runningInstance } from '../run/instance.ts'
import { holders, unixInodes } from '../run/proc.ts'
import { waitReady } from '../run/ready.ts'
import { Refusal, verb } from '../verb.ts'

const LIMIT_MS = 60_000

export default verb({
  summary: 'Restart panel and edge on what is built now',
  usage: 'restart',
  details: 'Edits never need it. It takes up a new version of the code, and new values in .env except ports.',
  async run(context) {
    const places = context.layout()
    const instance = runningInstance(places)
    if (!instance) throw new Refusal('Argos is not running.', '`./argos up` starts it.')
    const before = await edgeInfo(places.edgeSocket)
    const panelBefore = panelPid(places.panelSocket)
    process.kill(instance.pid, 'SIGUSR2')

    const until = performance.now() + LIMIT_MS
    const renewed = async () => {
      const edge = await edgeInfo(places.edgeSocket)
      const panel = panelPid(places.panelSocket)
      return edge !== null && edge.pid !== before?.pid && (panel === undefined || panel !== panelBefore)
    }
    while (!(await renewed())) {
      if (performance.now() > until)
        throw new Refusal('They did not come back.', '`./argos logs` shows what was said.')
      await sleep(50)
    }
    await waitReady({
      edge: () => edgeInfo(places.edgeSocket),
      panel: () => panelAnswers(places.panelSocket),
      databasePath: places.databasePath,
      panelUrl: instance.panelUrl,
    })
    context.say(`Panel and edge are back: ${instance.panelUrl}`)
  },
})

const panelPid = (socket: string): number | undefined => holders(unixInodes(socket))[0]?.pid
