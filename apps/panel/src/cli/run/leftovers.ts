import { realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { edgeInfo } from './ask.ts'
import { describe, holders, type Process, processesWhere, unixInodes } from './proc.ts'

export interface Leftover extends Process {
  readonly what: 'edge' | 'panel'
}

/**
 * Processes of this data folder that run without a launcher, as after a `kill -9` of it. A left-over edge is worse than
 * untidy: a second one binds the same ports without an error, and each then answers part of the requests.
 */
export async function leftovers(places: {
  edgeDir: string
  edgeSocket: string
  panelSocket: string
}): Promise<Leftover[]> {
  const info = await edgeInfo(places.edgeSocket)
  const edges = [
    ...(info ? [describe(info.pid)] : []),
    ...holders(unixInodes(places.edgeSocket)),
    ...processesWhere((args) => isEdgeOf(args, places.edgeDir)),
  ]
  const panels = holders(unixInodes(places.panelSocket))
  const found = [
    ...edges.map((p) => ({ ...p, what: 'edge' as const })),
    ...panels.map((p) => ({ ...p, what: 'panel' as const })),
  ]
  return [...new Map(found.map((p) => [p.pid, p])).values()].filter((p) => p.pid !== process.pid)
}

function isEdgeOf(args: readonly string[], dataDir: string): boolean {
  if (basename(args[0] ?? '') !== 'argos-edge' || args[1] !== 'run') return false
  const at = args.findIndex((arg) => arg === '--data' || arg === '-data')
  const named = at >= 0 ? args[at + 1] : args.find((arg) => /^--?data=/.test(arg))?.replace(/^--?data=/, '')
  return named !== undefined && same(named, dataDir)
}

function same(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return resolve(a) === resolve(b)
  }
}
