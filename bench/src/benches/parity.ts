import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login } from '@argos/contract'
import { buildApp } from '../../../apps/panel/src/app.ts'
import { systemClock } from '../../../apps/panel/src/clock.ts'
import { compose } from '../../../apps/panel/src/compose.ts'
import { loadConfig } from '../../../apps/panel/src/config.ts'
import { openDatabase } from '../../../apps/panel/src/db/open.ts'
import { pageRoutes } from '../../../apps/panel/src/http/pages.ts'
import { passwords } from '../../../apps/panel/src/identity/passwords.ts'
import { createLog } from '../../../apps/panel/src/log.ts'
import { type Bench, median, type Row, shown } from '../bench.ts'

const SAMPLES = 200
const KINDS = ['wrong', 'unknown', 'oidc', 'disabled', 'backed-off'] as const
const words: Record<(typeof KINDS)[number], string> = {
  wrong: 'a wrong password',
  unknown: 'a name that nobody has',
  oidc: 'an account without a password',
  disabled: 'a disabled account, with its password',
  'backed-off': 'an account in a pause, with its password',
}
const origin = 'https://panel.example.com'

/** LG-07 What a sign-in that fails tells by the time it takes: one after another, the kinds taking turns. */
export const parity: Bench = {
  name: 'parity',
  summary: `how long ${SAMPLES} failed sign-ins of each kind take, beside a wrong password`,
  onRequest: true,
  async run({ say }): Promise<Row[]> {
    await using panel = await startPanel()
    const taken = Object.fromEntries(KINDS.map((kind) => [kind, [] as number[]]))
    for (let n = 0; n < SAMPLES; n++) {
      if (n % 20 === 0) say(`${n} of ${SAMPLES} each`)
      // Another one begins each time, so that none is always the one after the same.
      for (let k = 0; k < KINDS.length; k++) {
        const kind = KINDS[(n + k) % KINDS.length] ?? 'wrong'
        taken[kind]?.push(await panel.fail(kind, n * KINDS.length + k))
      }
    }
    const base = median(taken.wrong ?? [])
    return KINDS.slice(1).map((kind) => {
      const mine = median(taken[kind] ?? [])
      return {
        what: words[kind],
        ours: `${shown(mine)} ms`,
        beside: `${shown(base)} ms`,
        ratio: 1 + Math.abs(mine / base - 1),
        limit: { most: 1.05 },
      }
    })
  },
}

/** The panel as it runs, on a database of its own, with passwords of the real cost. */
async function startPanel() {
  const folder = mkdtempSync(join(tmpdir(), 'argos-parity-'))
  const config = loadConfig({ ARGOS_DATA_DIR: folder, ARGOS_MASTER_KEY: 'c7'.repeat(32) })
  const log = createLog('silent')
  const database = await openDatabase(join(folder, 'argos.db'))
  const panel = compose({ config, database, clock: systemClock, log, version: '0.0.0' })
  const pages = pageRoutes({ webDir: config.webDir, version: '0.0.0' })
  const { sessions, proofs, tokens, features } = panel
  const app = await buildApp({ log, sessions, proofs, tokens, features, pages }, 'edge')

  const right = 'the password of all of them'
  const password_hash = await passwords().hash(right)
  const now = Date.now()
  const user = (id: string, more: { password_hash?: string; disabled?: 0 | 1 } = {}) => ({
    id: `u_${id}`,
    username: id,
    role: 'member' as const,
    created_at: now,
    disabled: 0 as const,
    password_hash,
    ...more,
  })
  // One each, so that no account backs off while it is asked.
  const many = (name: string, more = {}) =>
    Array.from({ length: SAMPLES }, (_, n) => user(`${name}-${n}`, more))
  await database.db
    .insertInto('user')
    .values([...many('wrong'), ...many('oidc', { password_hash: '' }), ...many('disabled', { disabled: 1 })])
    .execute()
  await database.db.insertInto('user').values(many('backed-off')).execute()
  for (let failure = 0; failure < 40; failure++) {
    // The longest pause, which ends after the bench does.
    const rows = Array.from({ length: SAMPLES }, (_, n) => ({ user_id: `u_backed-off-${n}` }))
    await database.db
      .insertInto('account_failure')
      .values(rows.map((row) => ({ ...row, kind: 'password' as const, at: now + 3_600_000 })))
      .execute()
  }
  return {
    /** Milliseconds of one that is refused, from an address of its own. */
    async fail(kind: string, count: number): Promise<number> {
      const username = `${kind}-${Math.floor(count / KINDS.length)}`
      const address = `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`
      const at = performance.now()
      const res = await app.inject({
        method: 'POST',
        url: login.path,
        headers: { host: 'panel.example.com', origin, 'x-argos-client': address, 'x-argos-proto': 'https' },
        payload: { username, password: kind === 'wrong' ? 'something else' : right },
      })
      const tookMs = performance.now() - at
      if (res.statusCode !== 401) throw new Error(`${username}: ${res.statusCode} ${res.body}`)
      return tookMs
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      panel.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
