import { existsSync } from 'node:fs'
import { type BulkUpstream, bulk, download, eventually, type Stack, startStack, upload } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, peakMemory } from '../../support/edge.ts'
import { publish } from '../../support/hosts.ts'

const SIZE = 2 * 1024 * 1024 * 1024
/** Far below the body, far above what buffers of a few connections need. */
const MORE_MEMORY = 96 * 1024 * 1024

describe.skipIf(!existsSync('/proc/self/status'))('bodies of 2 GB stream through the edge', () => {
  let stack: Stack
  let upstream: BulkUpstream
  beforeAll(async () => {
    stack = await startStack()
    upstream = await bulk()
    await publish(stack, { domains: ['bulk.example.test'], to: upstream })
    await publish(stack, { domains: ['bulk-tls.example.test'], to: upstream, tls: 'internal' })
    await eventually('HTTPS answers', () =>
      browse(stack, 'bulk-tls.example.test', { tls: true, path: '/?bytes=1' }),
    )
  })
  afterAll(async () => {
    await stack.stop()
    await upstream.close()
  })

  test.each([
    { way: 'HTTP', name: 'bulk.example.test', tls: false },
    { way: 'HTTPS', name: 'bulk-tls.example.test', tls: true },
  ])('up and down over $way, the edge’s memory stays bounded', async ({ name, tls }) => {
    const where = { port: tls ? stack.ports.https : stack.ports.http, name, tls }
    const before = peakMemory(stack.edge.pid())
    expect(await download({ ...where, path: `/?bytes=${SIZE}` })).toBe(SIZE)
    expect(JSON.parse(await upload(where, SIZE))).toEqual({ bytes: SIZE })
    expect(peakMemory(stack.edge.pid()) - before).toBeLessThan(MORE_MEMORY)
  })
})
