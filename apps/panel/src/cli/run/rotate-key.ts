import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseEnv } from 'node:util'
import { Refusal } from '../verb.ts'

const KEY = 'ARGOS_MASTER_KEY'
const FORMER = 'ARGOS_FORMER_MASTER_KEY'

/** Where a rotation stands, by what the file says. */
export type Stage = 'begun' | 'none'

export const stageOf = (path: string): Stage =>
  (parseEnv(readFileSync(path, 'utf8'))[FORMER] ?? '') === '' ? 'none' : 'begun'

export const keyIn = (path: string): string | undefined => parseEnv(readFileSync(path, 'utf8'))[KEY]

/** A fresh key in the file, and the one that was there as the former. The file is whole at every moment. */
export function putNewKey(path: string): void {
  const text = readFileSync(path, 'utf8')
  const old = parseEnv(text)[KEY] ?? ''
  if (old === '')
    throw new Refusal(
      `${path} has no ${KEY}.`,
      `Where the key comes from another place, set the new one there and the old one as ${FORMER}, restart, then remove ${FORMER}.`,
    )
  const fresh = randomBytes(32).toString('hex')
  write(path, `${without(text, KEY, FORMER)}${KEY}=${fresh}\n${FORMER}=${old}\n`)
}

/** Nothing needs the former key any more. */
export const dropFormerKey = (path: string): void => write(path, without(readFileSync(path, 'utf8'), FORMER))

function without(text: string, ...names: readonly string[]): string {
  const named = new RegExp(`^\\s*(?:export\\s+)?(?:${names.join('|')})\\s*=`)
  const kept = text.split('\n').filter((line) => !named.test(line))
  const joined = kept.join('\n')
  return joined === '' || joined.endsWith('\n') ? joined : `${joined}\n`
}

function write(path: string, text: string): void {
  const beside = `${path}.new`
  const file = openSync(beside, 'w', 0o600)
  try {
    fchmodSync(file, 0o600)
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
