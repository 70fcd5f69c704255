import { statSync } from 'node:fs'
import type { SystemStatus } from '@argos/contract'
import type { Apply } from '../apply/apply.types.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/open.ts'
import type { Driver } from '../workers/driver.ts'
import { warningsOf } from './warnings.ts'

export interface SystemService {
  status(): Promise<SystemStatus>
}

export function systemService({
  config,
  database,
  apply,
  driver,
  version,
  startedAt,
}: {
  config: Config
  database: Database
  apply: Pick<Apply, 'status'>
  driver: Pick<Driver, 'states'>
  version: string
  startedAt: number
}): SystemService {
  return {
    async status() {
      const { edge, api, saved, applied, inSync, lastRevision, lastError, waits } = await apply.status()
      const workers = driver.states()
      return {
        panel: {
          version,
          pid: process.pid,
          startedAt,
          node: process.versions.node,
          rssBytes: process.memoryUsage.rss(),
          database: { path: database.path, sizeBytes: sizeOf(database.path), schema: database.schema },
        },
        edge,
        generations: { saved, applied, inSync, lastRevision, lastError },
        workers,
        ports: config.ports,
        warnings: warningsOf({ config, edge, waits, api, version, workers }),
      }
    },
  }
}

/** The write-ahead log counts too. */
const sizeOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
