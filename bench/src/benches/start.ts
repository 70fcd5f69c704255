import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startStack } from '@argos/testkit'
import { atMost, type Bench, median } from '../bench.ts'

/** From `node main.ts` to the first answer on its socket, on a database that is there already. */
export const start: Bench = {
  name: 'start',
  summary: 'cold start of the panel until it answers',
  async run({ rounds }) {
    await using stack = await startStack()
    const took: number[] = []
    for (let n = 0; n < rounds; n++) {
      await stack.kill('panel', 'SIGTERM')
      const began = performance.now()
      stack.start('panel')
      while (!(await answered(join(stack.runDir, 'panel.sock')))) await sleep(5)
      took.push(performance.now() - began)
      await sleep(500)
    }
    return [atMost('panel, to its first answer', median(took), 1_200, 'ms')]
  },
}

const answered = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const req = request({ socketPath, path: '/healthz', agent: false }, (res) => {
      res.resume()
      res.once('end', () => resolve(res.statusCode === 200))
    })
    req.once('error', () => resolve(false))
    req.end()
  })
