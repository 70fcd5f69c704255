import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { newSetupToken } from './setup-token.ts'

const folder = mkdtempSync(join(tmpdir(), 'argos-setup-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Another process that is writing: for longer than a request of the panel would wait. */
const writer = `
const db = new (require('node:sqlite').DatabaseSync)(process.argv[1])
db.exec('begin immediate')
console.log('writing')
setTimeout(() => db.exec('commit'), 600)`

test('a link is printed although the panel is writing at this moment', async () => {
  const databasePath = join(folder, 'argos.db')
  await (await openDatabase(databasePath)).close()
  const child = spawn(process.execPath, ['-e', writer, databasePath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(await newSetupToken({ databasePath })).toMatch(/^[A-Za-z0-9_-]{43}$/)
  if (child.exitCode === null) await once(child, 'exit')
})
