import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostList } from '@argos/contract'
import { ApiRefusal, echo, eventually, type Stack, scratch, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseFaults } from '../support/database.ts'
import { browse, edgeState } from '../support/edge.ts'
import { edit, publish } from '../support/hosts.ts'

/** Only root may mount, and only Linux has this kind of disk. */
const possible = process.platform === 'linux' && process.getuid?.() === 0
const SIZE_MB = 64

const folder = scratch('argos-disk-')
const temporary = process.env.TMPDIR
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  if (!possible) return
  mount('-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'argos-test', folder.path)
  process.env.TMPDIR = folder.path
  stack = await startStack()
  upstream = await echo()
})
afterAll(async () => {
  if (possible) {
    await stack.stop()
    await upstream.close()
    spawnSync('umount', [folder.path])
  }
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  folder[Symbol.dispose]()
})

test.skipIf(!possible)(
  'F8 FT-03 on a full disk hosts are served, saving is refused in words and loses nothing, and goes on when there is room',
  async () => {
    const host = await publish(stack, { domains: ['full.example.test'], to: upstream })
    const filler = join(folder.path, 'filler')
    const { bavail, bsize } = statfsSync(folder.path)
    writeFileSync(filler, Buffer.alloc(bavail * bsize - bsize, 1))

    // Small writes may still fit into pages that are there.
    const refused = await eventually('saving is refused', async () => {
      for (let n = 0; n < 50; n++) {
        try {
          await edit(stack, host.id, ({ note }) => ({ note: `${note}${'x'.repeat(9)}`.slice(-400) }))
        } catch (err) {
          return err
        }
      }
      return null
    })
    expect(refused).toBeInstanceOf(ApiRefusal)
    expect((refused as ApiRefusal).status).toBe(503)
    expect((await browse(stack, 'full.example.test')).status).toBe(200)
    expect((await stack.api.call(hostList, {})).hosts).toHaveLength(1)

    rmSync(filler)
    await eventually('saving goes on', async () => {
      try {
        await edit(stack, host.id, () => ({ domains: ['full.example.test', 'room.example.test'] }))
        return true
      } catch {
        return false
      }
    })
    await stack.inSync()
    expect((await browse(stack, 'room.example.test')).status).toBe(200)
    expect(databaseFaults(stack)).toEqual([])
    // What the edge saved is whole, too.
    await stack.restart('edge')
    expect((await edgeState(stack)).boot).toMatchObject({ from: 'current', errors: null })
    expect((await browse(stack, 'room.example.test')).status).toBe(200)
  },
)

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`)
}
