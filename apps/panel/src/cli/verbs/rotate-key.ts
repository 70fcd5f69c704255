import { existsSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { ArgosDialect } from '../../db/dialect.ts'
import type { DB } from '../../db/schema.ts'
import { checkKey, keyFingerprint } from '../../secrets.ts'
import { runningInstance } from '../run/instance.ts'
import { dropFormerKey, keyIn, putNewKey, stageOf } from '../run/rotate-key.ts'
import { type Context, exitCode, Refusal, verb } from '../verb.ts'
import restart from './restart.ts'

export default verb({
  summary: 'Seal all secrets with a new master key',
  usage: 'rotate-key [--yes]',
  options: { yes: { type: 'boolean' } },
  words: { yes: 'Do not ask for it to be said twice' },
  details: [
    'Writes a fresh key to .env with the old one beside it, restarts, and takes the old one out once everything is',
    'sealed with the new. Killed in between, the same command goes on where it was. Backups from before need the old',
    'key: keep its recovery sheet as long as you keep them.',
  ].join('\n'),
  async run(context, { yes }) {
    refuseForeignKey(context)
    if (!runningInstance(context.layout()))
      throw new Refusal('Argos is not running.', '`./argos up` starts it; then again.')
    const begun = stageOf(context.envFile) === 'begun'
    if (!begun && !yes)
      throw new Refusal(
        'The master key is about to be replaced, and a recovery sheet of today opens nothing new from then on.',
        'Add --yes when that is what you want, and print the new sheet afterwards.',
        exitCode.usage,
      )
    if (begun) context.say('  Going on with a rotation that was begun.')
    else {
      putNewKey(context.envFile)
      context.say(`  A fresh key is in ${context.envFile}, the old one beside it.`)
    }
    await restart.run(context, {}, [])
    const { masterKey, databasePath } = context.config()
    if (!(await isSealedWith(databasePath, masterKey)))
      throw new Refusal('Not everything is sealed with the new key yet.', '`./argos logs panel` says why.')
    dropFormerKey(context.envFile)
    context.say(
      `  Everything is sealed with the new key, ${keyFingerprint(masterKey)}; the old one is out of .env.`,
    )
    context.say('  `./argos recovery-sheet` prints the new sheet.')
    return exitCode.ok
  },
})

/** What this verb can change is `.env`; a key from anywhere else is its owner's to change. */
function refuseForeignKey(context: Context): void {
  const { ARGOS_MASTER_KEY: key, ARGOS_MASTER_KEY_FILE: file = '' } = context.env
  if (file === '' && existsSync(context.envFile) && keyIn(context.envFile) === key) return
  throw new Refusal(
    `The master key does not come from ${context.envFile}, which is all that this changes.`,
    'Set a new key where it comes from and the old one as ARGOS_FORMER_MASTER_KEY (or _FILE), restart, then remove the old one.',
  )
}

async function isSealedWith(path: string, key: Buffer): Promise<boolean> {
  const sqlite = new SQLite(path, { readonly: true, timeout: 5_000 })
  try {
    const db = new Kysely<DB>({ dialect: new ArgosDialect({ database: sqlite }) })
    return (await checkKey(db, key)) === 'same'
  } finally {
    sqlite.close()
  }
}
