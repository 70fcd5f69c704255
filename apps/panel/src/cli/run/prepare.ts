import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { type Context, Refusal } from '../verb.ts'
import { ensureKey } from './env-file.ts'
import { leftovers } from './leftovers.ts'
import { type Lock, takeLock } from './lock.ts'
import { refuseMoved } from './moved.ts'
import { choosePorts, type PortChoice } from './ports.ts'

export interface Prepared {
  readonly config: Config
  readonly lock: Lock
  readonly ports: PortChoice
  readonly panelBind: string
  readonly edgeBinary: string
}

/** Makes the folders, the master key and the lock, and chooses the ports: all that must hold before anything starts. */
export async function prepare(context: Context, lan: boolean): Promise<Prepared> {
  const places = context.layout()
  refuseMoved(places.dataDir)
  mkdirSync(places.dataDir, { recursive: true, mode: 0o700 })
  chmodSync(places.dataDir, 0o700)
  mkdirSync(places.runDir, { recursive: true, mode: 0o750 })
  chmodSync(places.runDir, 0o750)
  mkdirSync(places.logDir, { recursive: true, mode: 0o750 })

  const lock = takeLock(places.dataDir, 1_000)
  if (!lock) {
    throw new Refusal(
      `Another launcher holds the data folder ${places.dataDir}.`,
      'See `./argos status`; `./argos down` stops it.',
    )
  }
  try {
    const written = ensureKey(context.env, context.envFile, places.databasePath)
    if (written) context.say(`  ${written}`)
    const config = context.config()
    await refuseLeftovers(config)
    const panelBind = lan ? '0.0.0.0' : config.panelBind
    const ports = await choosePorts({
      ports: config.ports,
      bind: config.bind,
      panelBind,
      mayChoose: !context.env.ARGOS_HTTP_PORT && !context.env.ARGOS_HTTPS_PORT,
    })
    const edgeBinary = context.env.ARGOS_EDGE_BIN ?? join(context.root, '.cache/edge/argos-edge')
    if (!existsSync(edgeBinary)) {
      throw new Refusal(`The edge is not built: ${edgeBinary} is missing.`, '`./argos build` makes it.')
    }
    return { config, lock, ports, panelBind, edgeBinary }
  } catch (err) {
    lock.release()
    throw err
  }
}

async function refuseLeftovers(config: Config): Promise<void> {
  const [first, ...more] = await leftovers(config)
  if (!first) return
  const named = [first, ...more]
    .map((p) => `${p.what} (pid ${p.pid}: ${p.command.slice(0, 120)})`)
    .join(' and ')
  throw new Refusal(
    `Left over from a launcher that was killed: ${named}. Beside a new one it would answer part of the requests.`,
    `\`./argos down\` stops it; by hand: kill ${[first, ...more].map((p) => p.pid).join(' ')}`,
  )
}
