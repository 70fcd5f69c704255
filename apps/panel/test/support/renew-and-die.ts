import SQLite from 'better-sqlite3'
import pino from 'pino'
import { buildApp } from '../../src/app.ts'
import { systemClock } from '../../src/clock.ts'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'

/**
 * Opens the panel on the database at argv[2], sends it one request, and is killed just before its argv[3]-th statement
 * from the first one on that writes recovery codes. The request is in the environment. Exits with 0 when it was answered
 * before that.
 */
const [path = '', at = ''] = process.argv.slice(2)
const { request, env } = JSON.parse(process.env.RENEW ?? '{}') as {
  request: { method: 'POST'; url: string; headers: Record<string, string>; payload: object }
  env: Record<string, string>
}
const config = loadConfig(env)
const database = await openDatabase(path)
const log = pino({ level: 'silent' })
const panel = compose({ config, database, clock: systemClock, log, version: '0.0.0' })
const { sessions, proofs, tokens, features } = panel
const app = await buildApp({ log, sessions, proofs, tokens, features, pages: async () => undefined }, 'edge')
await app.ready()

let left = Number(at)
let counts = false
const { prepare } = SQLite.prototype
SQLite.prototype.prepare = function (this: SQLite.Database, ...args: Parameters<typeof prepare>) {
  counts ||= /^(update|delete from|insert into) "recovery_code"/.test(String(args[0]))
  if (counts && --left === 0) process.kill(process.pid, 'SIGKILL')
  return prepare.apply(this, args)
} as typeof prepare

const answer = await app.inject(request)
process.stdout.write(`${answer.statusCode} ${answer.body}`)
process.exit(answer.statusCode === 200 ? 0 : 1)
