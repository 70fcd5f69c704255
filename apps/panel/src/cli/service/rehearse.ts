import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../verb.ts'
import { settingsFor, source, withKey } from './given.ts'
import { at, type Target, unitNames } from './places.ts'
import { configOf } from './settings.ts'
import { isRunning } from './systemd.ts'
import { edgeUnit, panelUnit } from './units.ts'

/** Says what an install would write and do. */
export function rehearse(context: Context, target: Target, lan: boolean): void {
  const { say } = context
  const settings = settingsFor(context, target, lan)
  const config = withKey(randomBytes(32).toString('hex'), (file) => configOf(settings, file))
  const from = source(context, target)
  const file = (path: string, text: string) => say(`--- ${target.path(path)}\n${text.trimEnd()}\n`)
  file(join(at.units, unitNames[0]), edgeUnit({ httpPort: config.ports.http, bind: config.bind }))
  file(join(at.units, unitNames[1]), panelUnit())
  file(at.settings, settings)
  say('Besides, an install')
  say('  makes the group argos with the users argos-edge and argos-panel, where they are missing')
  say(`  copies the program to ${target.path(at.program)}, and makes ${target.path(at.command)}`)
  if (from) say(`  copies the data of ${from.dataDir} to ${target.path(at.state)}, and marks the old folder`)
  if (!existsSync(target.path(at.masterKey))) say(`  writes the master key to ${target.path(at.masterKey)}`)
  say(
    isRunning(target) ? '  enables both units, and starts them' : '  enables both units; nothing is started',
  )
  say('Nothing was done.')
}
