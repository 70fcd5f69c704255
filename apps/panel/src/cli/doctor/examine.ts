import { join } from 'node:path'
import { type Config, ConfigError } from '../../config.ts'
import { projectVersion } from '../context.ts'
import { edgeInfo, panelAnswers } from '../run/ask.ts'
import { savedGeneration } from '../run/generation.ts'
import { runningInstance } from '../run/instance.ts'
import { leftovers } from '../run/leftovers.ts'
import type { Context } from '../verb.ts'
import { clients } from './clients.ts'
import { database } from './database.ts'
import { bad, type Finding, ok } from './finding.ts'
import { modes } from './folders.ts'
import { clock, diskSpace, edgeBinary, fileSystem, node } from './machine.ts'
import { edge, panel, ports, type Running, sockets, strays } from './processes.ts'

/** Looks at everything an installation needs, in the order in which things go wrong. Changes nothing. */
export async function examine(context: Context): Promise<Finding[]> {
  const layout = layoutOf(context)
  if (!('places' in layout)) return [node(), ...layout.findings]
  const { places } = layout
  const { key, findings: configuration } = keyOf(context)
  const stored = await database(places.databasePath, key)
  const wholeDatabase = stored.findings.every((f) => f.level !== 'bad')
  const instance = runningInstance(places)
  const running: Running = {
    instance,
    edge: await edgeInfo(places.edgeSocket),
    panel: await panelAnswers(places.panelSocket),
    found: await leftovers(places),
    savedGeneration: wholeDatabase ? savedGeneration(places.databasePath) : 0,
  }
  const at = instance ? { ...places, ports: instance.ports, panelBind: instance.panelBind } : places
  return [
    node(),
    edgeBinary(context.env.ARGOS_EDGE_BIN ?? join(context.root, '.cache/edge/argos-edge'), projectVersion()),
    ...configuration,
    ...modes(places, context.envFile),
    ...stored.findings,
    clock(stored.newest),
    diskSpace(places.dataDir),
    fileSystem(places.dataDir),
    strays(running),
    sockets(places, running),
    edge(running),
    panel(running),
    await clients(places),
    ...(await ports(at, running)),
  ]
}

const problemsOf = (err: unknown): Finding[] => {
  if (!(err instanceof ConfigError)) throw err
  return err.problems.map((problem) =>
    bad('Configuration', problem, 'Correct it in .env or in the environment.'),
  )
}

function layoutOf(context: Context): { places: Config } | { findings: Finding[] } {
  try {
    return { places: context.layout() }
  } catch (err) {
    return { findings: problemsOf(err) }
  }
}

function keyOf(context: Context): { key: Buffer | null; findings: Finding[] } {
  try {
    return { key: context.config().masterKey, findings: [ok('Configuration', 'understood')] }
  } catch (err) {
    return { key: null, findings: problemsOf(err) }
  }
}
