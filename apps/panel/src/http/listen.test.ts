import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const main = resolve(import.meta.dirname, '../main.ts')
const key = 'ab'.repeat(32)
let folder: string
const started: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argos-main-'))
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true })
})

/** A real panel without an edge. */
function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ARGOS_DATA_DIR: folder, ARGOS_MASTER_KEY: key, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  const up = Promise.withResolvers<void>()
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
    if (output.includes('the panel is up')) up.resolve()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = once(child, 'close').then(([code]) => {
    up.reject(new Error(`it ended with ${code}: ${output}`))
    return { code: code as number | null, output }
  })
  up.promise.catch(() => 'asked for by those who wait for it')
  return { child, up: up.promise, ended, output: () => output }
}
const socket = () => join(folder, 'run/panel.sock')
const ask = (path = '/healthz') =>
  new Promise<number | undefined>((done, failed) => {
    const req = request({ socketPath: socket(), path, agent: false }, (res) => {
      res.resume()
      res.on('end', () => done(res.statusCode))
    })
    req.on('error', failed)
    req.end()
  })

// Each starts processes, which takes as long as the machine is busy.
describe('the panel as a process', { timeout: 120_000 }, () => {
  test('FT-09 one at a time: a second on the same data says so and leaves the first alone', async () => {
    const first = start()
    await first.up
    expect(statSync(socket()).mode & 0o777).toBe(0o660)
    const elsewhere = { ARGOS_RUN_DIR: join(folder, 'other') }
    for (const env of [{}, elsewhere]) {
      const { code, output } = await start(env).ended
      expect([code, output]).toEqual([1, expect.stringMatching(/^argos: Another panel .* already[^\n]*\n$/)])
    }
    expect(await ask()).toBe(200)
  })

  test('FT-09 a socket that answers is not taken from whoever serves it, one that is dead is replaced', async () => {
    mkdirSync(join(folder, 'run'))
    const other = createServer().listen(socket())
    await once(other, 'listening')
    const refused = await start().ended
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('Another panel serves')])
    other.close()
    await once(other, 'close')

    const killed = start()
    await killed.up
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(statSync(socket()).isSocket()).toBe(true)
    await start().up
    expect(await ask()).toBe(200)
  })

  test('SIGTERM ends it with 0, and it starts again as it was', async () => {
    const first = start()
    await first.up
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    expect(statSync(socket(), { throwIfNoEntry: false })).toBeUndefined()
    await start().up
  })

  test('a second SIGTERM ends it at once, whatever is still open', async () => {
    const { child, up, ended } = start()
    await up
    // A request whose body never comes holds the drain.
    const req = request({
      socketPath: socket(),
      path: '/api/v1/login',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 10 },
    })
    req.on('error', () => 'cut off, as expected')
    req.flushHeaders()
    req.write('{')
    expect(await ask()).toBe(200)
    const stopping = once(child.stdout ?? child, 'data')
    child.kill('SIGTERM')
    await stopping
    child.kill('SIGTERM')
    expect((await ended).code).toBe(1)
  })

  test('SC-05 with another master key than the database was made with it starts, and says what to do', async () => {
    const first = start()
    await first.up
    first.child.kill('SIGTERM')
    await first.ended
    const second = start({ ARGOS_MASTER_KEY: 'cd'.repeat(32) })
    await second.up
    expect(await ask()).toBe(200)
    expect(second.output()).toContain('recovery sheet')
    expect(second.output()).not.toContain('cdcd')
  })

  test('a configuration that is wrong ends it with 78 and names every problem', async () => {
    const { code, output } = await start({ ARGOS_MASTER_KEY: 'short', ARGOS_HTTP_PORT: 'x' }).ended
    expect(code).toBe(78)
    expect(output).toMatch(/ARGOS_MASTER_KEY[\s\S]*ARGOS_HTTP_PORT|ARGOS_HTTP_PORT[\s\S]*ARGOS_MASTER_KEY/)
  })

  test('a file in the place of the database is refused, not overwritten', async () => {
    writeFileSync(join(folder, 'argos.db'), 'not a database, but somebody’s work'.repeat(100))
    const { code, output } = await start().ended
    expect([code, output]).toEqual([1, expect.stringMatching(/not a database/)])
  })
})
