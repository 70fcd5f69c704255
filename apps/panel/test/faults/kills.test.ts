import { setTimeout as sleep } from 'node:timers/promises'
import { auditVerify } from '@argos/contract'
import {
  echo,
  eventually,
  type Part,
  type Stack,
  seededRandom,
  startStack,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseFaults } from '../support/database.ts'
import { browse } from '../support/edge.ts'
import { windows } from '../support/windows.ts'
import { writers } from '../support/writers.ts'

/** `./argos bench crash` does many more of them. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 60)
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

test(`FT-01 CF-12 F32 ${ROUNDS} kills of panel, edge or both under writes and in confirm windows lose nothing acknowledged and keep nothing unconfirmed`, {
  timeout: 60_000 + ROUNDS * 20_000,
}, async () => {
  const random = seededRandom('kills under writes and in confirm windows')
  const writing = writers(stack, upstream, random, 4)
  const waiting = windows(stack, upstream, random)
  for (let round = 1; round <= ROUNDS; round += 1) {
    const victims = random.pick<readonly Part[]>([['panel'], ['edge'], ['panel', 'edge']])
    const kill = () => Promise.all(victims.map((part) => stack.kill(part))).then(() => undefined)
    const inWindow = round % 2 === 0
    if (inWindow) await waiting.prepare()
    const enough = writing.acknowledged() + 1 + random.below(12)
    await writing.start()
    await eventually('changes are acknowledged', () => writing.acknowledged() >= enough, { everyMs: 1 })
    let what = 'under writes'
    if (inWindow) what = await waiting.open(kill)
    else {
      // The moment is random within a write as well, not just after one.
      await sleep(random.next() * 15)
      await kill()
    }
    await writing.stop()
    for (const part of victims) stack.start(part)
    const told = `round ${round}, ${victims.join(' and ')} killed, ${what}`
    try {
      await stack.reachable(60_000)
      await waiting.settle()
      await stack.inSync(60_000)
    } catch (err) {
      const said = (['panel', 'edge'] as const).map((part) => stack.logs(part).slice(-3_000)).join('\n---\n')
      throw new Error(`${told}: it does not come back\n${said}`, { cause: err })
    }
    expect(await writing.lost(), told).toEqual([])
    expect(await waiting.wrong(), told).toEqual([])
    const names = await writing.names()
    const answers = await Promise.all(names.map((name) => browse(stack, name)))
    expect(
      answers.flatMap(({ status }, i) => (status === 200 ? [] : [`${names[i]}: ${status}`])),
      `${told}: what the edge serves`,
    ).toEqual([])
    expect(databaseFaults(stack), told).toEqual([])
  }
  expect(await stack.api.call(auditVerify, {})).toMatchObject({ ok: true, brokenAt: null })
  console.info(`${writing.acknowledged()} changes were acknowledged over ${ROUNDS} kills`)
})
