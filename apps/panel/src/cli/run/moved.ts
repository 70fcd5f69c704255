import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../verb.ts'

/** A file that `argos service install` leaves in a data folder that it has taken over. */
export const movedMarker = 'moved-to-the-service'

/** A start would go on from an old state, and beside the service. */
export function refuseMoved(dataDir: string): void {
  const marker = join(dataDir, movedMarker)
  if (!existsSync(marker)) return
  throw new Refusal(
    `The data in ${dataDir} is that of the Argos service now; this is an old copy.`,
    `\`sudo systemctl start argos-edge argos-panel\` starts the service; ${marker} tells how to go back.`,
  )
}
