import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { echo, eventually, type Stack, seededRandom, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, edgeState } from '../support/edge.ts'
import { edit, publish, publishMany } from '../support/hosts.ts'

const HOSTS = 50
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  await publishMany(
    stack,
    Array.from({ length: HOSTS }, (_, i) => ({ domains: [`host-${i}.example.test`], to: upstream })),
  )
  await publish(stack, { domains: ['secure.example.test'], to: upstream, tls: 'internal' })
  await eventually('HTTPS answers', () => browse(stack, 'secure.example.test', { tls: true }))
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const serves = (name: string, tls = false) =>
  eventually(
    `${name} is served by the edge alone`,
    async () => (await browse(stack, name, { tls, timeoutMs: 2_000 })).status === 200,
    { timeoutMs: 10_000 },
  )
const allServed = async () => {
  for (let i = 0; i < HOSTS; i += 1) await serves(`host-${i}.example.test`)
  await serves('secure.example.test', true)
}

describe('CF-12 with the panel down', () => {
  test('a killed edge comes back with all hosts from its own saved state within 10 s', async () => {
    await stack.kill('panel')
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await stack.kill('edge', signal)
      stack.start('edge')
      await allServed()
      expect(await booted()).toMatchObject({ from: 'current', errors: null })
    }
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
  })

  test('hosts are served while it is away, and the panel finds the edge as it left it', async () => {
    const before = await edgeState(stack)
    await stack.kill('panel')
    await allServed()
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
    expect(await edgeState(stack)).toMatchObject({ pid: before.pid, etag: before.etag })
  })
})

/** What the edge says of its boot, once that is over: its socket answers before, and has nothing to say. */
const booted = () =>
  eventually('the edge has booted', async () => {
    const { boot } = await edgeState(stack)
    return boot.from !== 'nothing' || boot.errors !== null ? boot : null
  })

/** The newest of the edge's saved editions. */
function newestEdition(): string {
  const folder = join(stack.dataDir, 'edge')
  const [newest] = readdirSync(folder)
    .filter((file) => file.startsWith('edition-'))
    .sort()
    .reverse()
  if (newest === undefined) throw new Error('the edge has saved nothing')
  return join(folder, newest)
}

describe('CF-12 FT-01 a save that was cut', () => {
  test('costs at most that save: the edge boots, serves, and the panel makes it whole', async () => {
    const random = seededRandom('cut saves')
    for (let round = 1; round <= 10; round += 1) {
      const host = await publish(stack, { domains: [`cut-${round}.example.test`], to: upstream })
      await edit(stack, host.id, ({ domains }) => ({
        domains: [...domains, `also-cut-${round}.example.test`],
      }))
      await stack.inSync()
      await stack.kill('panel')
      await stack.kill('edge')
      const file = newestEdition()
      const { size } = statSync(file)
      // What a kill leaves: the last save is not whole. Now and then worse, as a failing disk may do.
      const worse = round % 4 === 0
      truncateSync(file, worse ? random.below(size) : size - 1 - random.below(200))
      stack.start('edge')
      expect((await booted()).errors).not.toBeNull()
      if (!worse) {
        await serves('host-0.example.test')
        await serves(`cut-${round}.example.test`)
        await serves('secure.example.test', true)
      }
      stack.start('panel')
      await stack.reachable()
      await stack.inSync()
      expect((await browse(stack, `cut-${round}.example.test`)).status).toBe(200)
      expect((await browse(stack, `also-cut-${round}.example.test`)).status).toBe(200)
    }
  })

  test('damaged bytes are never served: the one before it is', async () => {
    await stack.kill('panel')
    await stack.kill('edge')
    const file = newestEdition()
    const bytes = readFileSync(file)
    const at = bytes.indexOf('host-7.example.test')
    expect(at).toBeGreaterThan(0)
    bytes.write('evil', at)
    writeFileSync(file, bytes)
    stack.start('edge')
    expect((await booted()).errors).not.toBeNull()
    await expect(browse(stack, 'evil-7.example.test')).resolves.not.toMatchObject({ status: 200 })
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
    await allServed()
  })

  test('with everything saved lost the panel brings all of it back', async () => {
    await stack.kill('panel')
    await stack.kill('edge')
    for (const file of readdirSync(join(stack.dataDir, 'edge'))) {
      writeFileSync(join(stack.dataDir, 'edge', file), 'nonsense')
    }
    stack.start('edge')
    expect(await booted()).toMatchObject({ from: 'nothing' })
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
    await allServed()
  })
})
