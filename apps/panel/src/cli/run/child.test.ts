import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Child, type Ended, keepRunning } from './child.ts'
import { alive } from './proc.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argos-child-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const GRACE_MS = 5_000
const runs = 'setInterval(() => {}, 1000)'

function started(script: string): { child: Child; ended: Ended[] } {
  const ended: Ended[] = []
  const child = keepRunning(
    {
      name: 'panel',
      command: process.execPath,
      args: ['-e', script],
      cwd: folder,
      env: {},
      logFile: join(folder, 'panel.log'),
    },
    (how) => void ended.push(how),
  )
  return { child, ended }
}

test('a restart brings another process, and a stop ends it', async () => {
  const { child, ended } = started(runs)
  const first = child.pid()
  await child.restart(GRACE_MS)
  const second = child.pid()
  expect([typeof first, typeof second]).toEqual(['number', 'number'])
  expect(second).not.toBe(first)
  expect(alive(first ?? 0)).toBe(false)
  await child.stop(GRACE_MS)
  expect([child.pid(), alive(second ?? 0), ended]).toEqual([null, false, []])
})

test.each(['stop', 'kill'] as const)('a %s in the middle of a restart has the last word', async (verb) => {
  const { child } = started(runs)
  const first = child.pid()
  const restarting = child.restart(GRACE_MS)
  await child[verb](GRACE_MS)
  await restarting
  expect([child.pid(), alive(first ?? 0)]).toEqual([null, false])
})

test('a crash is followed by another start, a bad configuration is not', async () => {
  const crashed = started('process.exit(1)')
  await expect.poll(() => crashed.ended[0]).toMatchObject({ code: 1, retryInMs: 500 })
  await crashed.child.stop(GRACE_MS)
  const refused = started('process.exit(78)')
  await expect.poll(() => refused.ended[0]).toMatchObject({ code: 78, retryInMs: null })
  expect(refused.child.pid()).toBeNull()
})
