import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { hasKey } from '../run/env-file.ts'
import { type Context, exitCode, Refusal } from '../verb.ts'
import { adopts } from './adopt.ts'
import { put } from './files.ts'
import { at, type Target } from './places.ts'
import { firstSettings } from './settings.ts'

/** The checkout's data folder when it is to be taken over. */
export function source(context: Context, target: Target): Config | null {
  const layout = context.layout()
  return adopts(layout, target) ? layout : null
}

/** The key that is there, else the checkout's, else a new one. Data is never given another key than its own. */
export function masterKeyFor(context: Context, target: Target): string {
  const file = target.path(at.masterKey)
  const own = existsSync(file) ? readFileSync(file, 'utf8').trim() : null
  const from = source(context, target)
  if (from && !hasKey(context.env)) {
    throw new Refusal(
      `The master key of ${from.databasePath} is missing from ${context.envFile}.`,
      'Put the key of your recovery sheet back: a line `ARGOS_MASTER_KEY=<64 hex digits>`.',
      exitCode.config,
    )
  }
  const theirs = from ? context.config().masterKey.toString('hex') : null
  if (own !== null && theirs !== null && own !== theirs) {
    throw new Refusal(
      `${file} is another key than that of ${from?.databasePath}.`,
      'Move the wrong one away, then install again.',
    )
  }
  if (own === null && existsSync(target.path(join(at.panelData, 'argos.db')))) {
    throw new Refusal(
      `There is data in ${target.path(at.panelData)}, but not its key: ${file} is missing.`,
      'Put the key of your recovery sheet there.',
      exitCode.config,
    )
  }
  if (own ?? theirs) return own ?? theirs ?? ''
  return hasKey(context.env) ? context.config().masterKey.toString('hex') : randomBytes(32).toString('hex')
}

/** Settings that are there are the operator's and stay as they are. */
export function settingsFor(context: Context, target: Target, lan: boolean): string {
  const file = target.path(at.settings)
  return existsSync(file) ? readFileSync(file, 'utf8') : firstSettings(context.env, lan)
}

/** For reading the configuration before the key has its place. */
export function withKey<T>(key: string, use: (file: string) => T): T {
  const folder = `/dev/shm/argos-${randomBytes(8).toString('hex')}`
  mkdirSync(folder, { mode: 0o700 })
  try {
    put(join(folder, 'key'), key, 0o600)
    return use(join(folder, 'key'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
