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
import { writers } from '../support/writers.ts'

const ROUNDS = 40
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

test(`FT-01 CF-12 ${ROUNDS} kills of panel, edge or both at random moments under writes lose no acknowledged change`, async () => {
  const random = seededRandom('kills under writes')
  const writing = writers(stack, upstream, random, 4)
  for (let round = 1; round <= ROUNDS; round += 1) {
    const victims = random.pick<readonly Part[]>([['panel'], ['edge'], ['panel', 'edge']])
    const enough = writing.acknowledged() + 1 + random.below(12)
    await writing.start()
    await eventually('changes are acknowledged', () => writing.acknowledged() >= enough, { everyMs: 1 })
    // The moment is random within a write as well, not just after one.
    await sleep(random.next() * 15)
    await Promise.all(victims.map((part) => stack.kill(part)))
    await writing.stop()
    for (const part of victims) stack.start(part)
    await stack.reachable()
    await stack.inSync()
    expect(await writing.lost(), `round ${round}, ${victims.join(' and ')} killed`).toEqual([])
    const names = await writing.names()
    const answers = await Promise.all(names.map((name) => browse(stack, name)))
    expect(
      answers.flatMap(({ status }, i) => (status === 200 ? [] : [`${names[i]}: ${status}`])),
      `round ${round}: what the edge serves`,
    ).toEqual([])
    expect(databaseFaults(stack)).toEqual([])
  }
  expect(await stack.api.call(auditVerify, {})).toMatchObject({ ok: true, brokenAt: null })
  console.info(`${writing.acknowledged()} changes were acknowledged over ${ROUNDS} kills`)
})
