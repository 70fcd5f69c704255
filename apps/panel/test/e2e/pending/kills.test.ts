import { createServer } from 'node:net'
import { type Host, hostDelete, hostList, hostUpdate, pendingKeep } from '@argos/contract'
import { echo, eventually, type Part, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databaseFaults } from '../../support/database.ts'
import { browse } from '../../support/edge.ts'
import { inputOf, publish } from '../../support/hosts.ts'
import { verbsFor } from '../../support/verbs.ts'
import { over, soon, timed, until, untouched, writtenState } from '../../support/waiting.ts'

let stack: Stack
let upstream: Upstream
let victim: Host
let name = ''
let others: Record<string, unknown> = {}
let fresh = 0
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  for (const other of ['one', 'two'])
    await publish(stack, { domains: [`${other}.example.test`], to: upstream })
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})
beforeEach(async () => {
  name = `victim-${++fresh}.example.test`
  victim = await publish(stack, { domains: [name], to: upstream })
  others = await untouched(stack, [victim.id])
})

const remove = async (query: { confirmS: number } = timed): Promise<string> =>
  (await stack.api.call(hostDelete, { params: { id: victim.id }, query })).saved.pending ?? ''
const killed = (...parts: readonly Part[]) => Promise.all(parts.map((part) => stack.kill(part)))
const started = async (...parts: readonly Part[]) => {
  for (const part of parts) stack.start(part)
  await stack.reachable()
}
const written = (state: string) =>
  eventually(`it is ${state} on the disk`, () => writtenState(stack) === state)
/** Panel and edge agree, about this host and all others. */
const agree = async (is: 'there' | 'gone') => {
  await stack.inSync()
  const { hosts } = await stack.api.call(hostList, {})
  const found = hosts.find((h) => h.id === victim.id)
  expect(found ? inputOf(found) : null).toEqual(is === 'there' ? inputOf(victim) : null)
  expect((await browse(stack, name)).status).toBe(is === 'there' ? 200 : 404)
  expect(await untouched(stack, [victim.id])).toEqual(others)
  expect(databaseFaults(stack)).toEqual([])
}
/** The edge stands still while `during` goes on, and answers nothing. */
const frozen = async (during: () => Promise<unknown>) => {
  const pid = stack.edge.pid()
  if (pid === null) throw new Error('the edge does not run')
  process.kill(pid, 'SIGSTOP')
  try {
    await during()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

describe('CF-12 a panel that is killed', () => {
  test('before the edge could be given the change gives it when both are back within a minute', async () => {
    await killed('edge')
    const said = await verbsFor(stack)('host', 'rm', name, '--confirm', '60', '--no-wait')
    expect(said).toMatchObject({ code: 0 })
    expect(writtenState(stack)).toBe('applying')
    await killed('panel')
    await started('edge', 'panel')
    const { id } = await until(stack, 'waiting')
    await stack.api.call(pendingKeep, { params: { id } })
    await agree('gone')
  })

  test('while promises are tested tests them again', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const slow = await publish(stack, { domains: [`slow-${fresh}.example.test`], to: { ...upstream, port } })
    const body = {
      ...inputOf(slow),
      domains: [...slow.domains, `more-${fresh}.example.test`],
      version: slow.version,
    }
    await stack.api.call(hostUpdate, { params: { id: slow.id }, query: timed, body })
    await until(stack, 'testing')
    await killed('panel')
    expect(writtenState(stack)).toBe('testing')
    await started('panel')
    const waits = await until(stack, 'waiting')
    expect(waits.promises[0]).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('no answer'),
    })
    await stack.api.call(pendingKeep, { params: { id: waits.id } })
    await stack.api.call(hostDelete, { params: { id: slow.id } })
    await agree('there')
    silent.close()
  })

  test('while it waits finds it waiting, and can keep it', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await killed('panel')
    await started('panel')
    await until(stack, 'waiting')
    await stack.api.call(pendingKeep, { params: { id } })
    await agree('gone')
  })

  test('until the time is over finds that it went back', async () => {
    const id = await remove(soon)
    await until(stack, 'waiting')
    await killed('panel')
    await eventually('the edge went back', async () => (await browse(stack, name)).status === 200, {
      timeoutMs: 20_000,
    })
    await started('panel')
    expect(await over(stack, id)).toMatchObject({
      outcome: 'returned',
      reason: 'Nobody kept it within 10 s.',
    })
    await agree('there')
  })

  test('while it keeps it keeps it', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await frozen(async () => {
      const said = verbsFor(stack)('revisions', 'keep', '--no-wait')
      await written('keeping')
      await killed('panel')
      await said
    })
    await started('panel')
    expect(await over(stack, id)).toMatchObject({ outcome: 'kept' })
    await agree('gone')
  })

  test('while it puts it back puts it back', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await frozen(async () => {
      const said = verbsFor(stack)('revisions', 'return', '--no-wait')
      await written('returning')
      await killed('panel')
      await said
    })
    await started('panel')
    expect(await over(stack, id)).toMatchObject({ outcome: 'returned' })
    await agree('there')
  })
})

describe('CF-12 an edge that is killed', () => {
  test('while the change waits starts with what was before, and the panel says so', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await killed('edge')
    await started('edge')
    const reason = 'The edge restarted before it was kept.'
    expect(await over(stack, id)).toMatchObject({ outcome: 'returned', reason })
    await agree('there')
  })

  test('together with the panel, while it waits: it is back', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await killed('edge', 'panel')
    await started('edge', 'panel')
    expect(await over(stack, id)).toMatchObject({ outcome: 'returned' })
    await agree('there')
  })

  test('together with the panel, right after it was kept: it stays', async () => {
    const id = await remove()
    await until(stack, 'waiting')
    await stack.api.call(pendingKeep, { params: { id } })
    await killed('edge', 'panel')
    await started('edge', 'panel')
    await agree('gone')
  })
})
