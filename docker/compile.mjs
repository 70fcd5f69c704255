// While the image is built: starts the panel once, as its container will, so that Node keeps what it has compiled in
// NODE_COMPILE_CACHE. Key, database and sockets of this start are thrown away.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'argos-'))
const env = {
  ...process.env,
  ARGOS_DATA_DIR: folder,
  ARGOS_RUN_DIR: folder,
  ARGOS_SHARED_DIR: folder,
  ARGOS_EDGE_SOCKET: join(folder, 'edge.sock'),
  ARGOS_PRINT_LINK: '0',
  ARGOS_LOG_LEVEL: 'error',
  ARGOS_MASTER_KEY: randomBytes(32).toString('hex'),
}
const panel = spawn(process.execPath, process.argv.slice(2), { env, stdio: 'inherit' })
const ended = new Promise((resolve) => panel.once('exit', resolve))
const answers = () =>
  new Promise((resolve) => {
    get({ socketPath: join(folder, 'panel.sock'), path: '/healthz' }, (res) =>
      resolve(res.resume().statusCode === 200),
    ).on('error', () => resolve(false))
  })

const until = Date.now() + 120_000
while (!(await answers())) {
  if (panel.exitCode !== null || Date.now() > until) throw new Error('the panel does not come up')
  await new Promise((resolve) => setTimeout(resolve, 100))
}
panel.kill('SIGTERM')
const code = await ended
rmSync(folder, { recursive: true })
const kept = readdirSync(process.env.NODE_COMPILE_CACHE, { recursive: true }).length
if (code !== 0 || kept < 100) throw new Error(`the panel ended with ${code}, and ${kept} files were kept`)
process.stdout.write(`${kept} compiled files are kept\n`)
