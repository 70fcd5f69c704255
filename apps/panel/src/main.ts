import { mkdirSync, readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { announcement } from './announce.ts'
import { type AppDeps, buildApp } from './app.ts'
import { auditService } from './audit/audit.service.ts'
import { type Lock, takeLock } from './cli/run/lock.ts'
import { systemClock } from './clock.ts'
import { compose } from './compose.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { DatabaseRefusal, openDatabase } from './db/open.ts'
import {
  closeServer,
  listenOnSocket,
  listenPlain,
  StartRefusal,
  serveOnAddress,
  serveOnSocket,
} from './http/listen.ts'
import { pageRoutes } from './http/pages.ts'
import { issueSetupToken } from './identity/setup-tokens.ts'
import { settleKey } from './keys/settle.ts'
import { createLog } from './log.ts'
import { onSignals, onStrayErrors, type Shutdown } from './shutdown.ts'

/** As sysexits.h has it: another start with the same configuration ends the same way. */
const BAD_CONFIGURATION = 78

async function start(config: Config): Promise<void> {
  const log: FastifyBaseLogger = createLog(config.logLevel)
  onStrayErrors(log)
  const shutdown = onSignals(log)
  try {
    await open(config, log, shutdown)
  } catch (err) {
    // Told to end in the middle of starting: what failed then failed because of that.
    if (!shutdown.stopping()) throw err
  }
}

async function open(config: Config, log: FastifyBaseLogger, { onClose }: Shutdown): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  mkdirSync(config.runDir, { recursive: true, mode: 0o750 })
  const lock = onlyPanel(config.dataDir)
  onClose(() => lock.release())
  const version = ownVersion()
  const database = await openDatabase(config.databasePath)
  onClose(() => database.close())
  const { db } = database
  const audit = auditService({ db, clock: systemClock })
  const readOnly = (await settleKey({ db, audit, config, log })) === 'read_only'

  const panel = compose({ config, database, clock: systemClock, log, version, readOnly })
  onClose(() => panel.close())
  if (config.initialAdmin && !readOnly && (await panel.identity.ensureInitialAdmin(config.initialAdmin))) {
    log.info({ username: config.initialAdmin.username }, 'made the first administrator from the environment')
  }
  const deps: AppDeps = {
    log,
    sessions: panel.sessions,
    proofs: panel.proofs,
    tokens: panel.tokens,
    features: panel.features,
    pages: pageRoutes({ webDir: config.webDir, version }),
    readOnly,
    publicOrigin: config.panelMode === 'behind_caddy' ? new URL(config.publicAddress ?? '').origin : null,
  }
  onClose(() => panel.driver.stop(5_000))
  const app = await buildApp(deps, 'edge')
  onClose(() => app.close())
  onClose(() => closeServer(panel.gate.server))
  // Before the panel is up: whoever signs in then is known at once at every host.
  await serveOnSocket(panel.gate.server, config.gateSocket)
  await listenOnSocket(app, config.panelSocket)
  const { forward } = panel.gate
  if (forward && config.forwardAuth) {
    onClose(() => closeServer(forward))
    await serveOnAddress(forward, config.forwardAuth.listen)
  }
  if (config.insecureHttp) {
    const plain = await buildApp(deps, 'plain')
    onClose(() => plain.close())
    await listenPlain(plain, config.listen)
    log.warn(
      { listen: config.listen },
      'the panel is also served without TLS: passwords cross the network readable',
    )
  }
  for (const worker of panel.workers) panel.driver.start(worker)
  log.info({ version, socket: config.panelSocket, node: process.versions.node }, 'the panel is up')
  flushCompileCache() // Else it is written at an orderly end only.
  if (config.printLink) {
    const token = await issueSetupToken(database.db, systemClock)
    process.stdout.write(`${announcement(config, token).join('\n')}\n`)
  }
}

function onlyPanel(dataDir: string): Lock {
  const lock = takeLock(dataDir, 1_000, 'panel.lock')
  if (lock) return lock
  throw new StartRefusal(
    `Another panel uses the data folder ${dataDir} already. One panel per folder: stop it, or use another.`,
  )
}

function ownVersion(): string {
  const file = join(import.meta.dirname, '../../../package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

try {
  await start(loadConfig(process.env))
} catch (err) {
  const known = err instanceof ConfigError || err instanceof DatabaseRefusal || err instanceof StartRefusal
  const said = known ? err.message : err instanceof Error ? err.stack : String(err)
  process.stderr.write(`argos: ${said}\n`)
  process.exit(err instanceof ConfigError || err instanceof DatabaseRefusal ? BAD_CONFIGURATION : 1)
}
