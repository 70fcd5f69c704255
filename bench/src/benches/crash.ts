import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repository } from '@argos/testkit'
import type { Bench } from '../bench.ts'

const KILLS = 500

/** The suite's own test of kills, many times as long. It stops at the first loss and says what was lost. */
export const crash: Bench = {
  name: 'crash',
  summary: `${KILLS} kills of panel, edge or both, under writes and in confirm windows`,
  onRequest: true,
  async run({ say }) {
    say('about half an hour')
    const started = performance.now()
    const code = await kills()
    const minutes = (performance.now() - started) / 60_000
    return [
      {
        what: `${KILLS} kills: lost what was acknowledged, or kept what was not`,
        ours: code === 0 ? '0' : 'at least 1',
        beside: `in ${minutes.toFixed(0)} min`,
        ratio: code === 0 ? 0 : 1,
        limit: { most: 0 },
      },
    ]
  },
}

const kills = (): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'faults', 'kills'], {
      cwd: repository,
      env: { ...process.env, KILL_ROUNDS: String(KILLS) },
      stdio: 'inherit',
    })
    child.once('error', reject)
    child.once('close', resolve)
  })
