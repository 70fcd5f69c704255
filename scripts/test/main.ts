import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { endChildren } from './child.ts'
import { line, nothing, one, sum, type Tally } from './counts.ts'
import { unmountBelow } from './docker/unmount.ts'
import { endLeftBehind, leftBehind, mark } from './left-behind.ts'
import { type Stage, stages } from './stages.ts'

const root = resolve(import.meta.dirname, '../..')
const say = (text: string): void => void process.stdout.write(`${text}\n`)

interface Chosen {
  readonly stage: Stage
  readonly only: string | undefined
}

/** The stages asked for, or the whole run's, with those they need, in their own order. */
function choose(words: readonly string[]): Chosen[] {
  const only = new Map<string, string | undefined>()
  const add = (name: string, part?: string) => {
    const stage = stages.find((candidate) => candidate.name === name)
    if (!stage) {
      say(`argos: there is no stage \`${name}\`. There are: ${stages.map((s) => s.name).join(', ')}.`)
      process.exit(2)
    }
    if (!only.has(name) || part !== undefined) only.set(name, part)
    for (const needed of stage.needs ?? []) add(needed)
  }
  for (const word of words.length > 0 ? words : stages.map((s) => s.name)) {
    const [name = '', part] = word.split(':')
    add(name, part)
  }
  return stages.filter(({ name }) => only.has(name)).map((stage) => ({ stage, only: only.get(stage.name) }))
}

const chosen = choose(process.argv.slice(2))
// All files of the tests go into one folder, and all processes carry one mark, so that a run leaves nothing behind.
const scratch = mkdtempSync(join(tmpdir(), 'argos-test-'))
process.env.TMPDIR = scratch
mark(scratch)

const tidy = async () => {
  await endChildren()
  await endLeftBehind(scratch)
  unmountBelow(scratch)
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(130)
    stopping = true
    say('\nStopping.')
    void tidy().finally(() => process.exit(130))
  })
}

const began = performance.now()
const took = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`
const done: { name: string; tally: Tally; took: string }[] = []
for (const { stage, only } of chosen) {
  if (stopping) break
  const since = performance.now()
  say(`\n${stage.name}: ${stage.summary}`)
  const broken = (stage.needs ?? []).find((need) =>
    done.some(({ name, tally }) => name === need && tally.failed.length > 0),
  )
  const tally = broken
    ? one(`${stage.name}: not run, as ${broken} failed`, false)
    : sum([await stage.run(root, only), await strays(stage)])
  done.push({ name: stage.name, tally, took: took(since) })
  say(`  ${stage.name}: ${line(tally)} in ${took(since)}`)
}

/** Suites end what they start. What is still there counts as a failure and is ended: the next stage needs quiet. */
async function strays({ name: stage, leavesNothing }: Stage): Promise<Tally> {
  if (!leavesNothing) return nothing
  const left = leftBehind(scratch)
  await endLeftBehind(scratch)
  return sum(
    left.map(({ command }) => one(`${stage}: left a process running: ${command.slice(0, 160)}`, false)),
  )
}

if (!stopping) {
  await tidy()
  const total = sum(done.map(({ tally }) => tally))
  // What continuous integration skips, nobody would ever run.
  const refused = process.env.CI === 'true' && total.skipped.length > 0
  say('\nTime of each stage')
  for (const { name, tally, took: time } of done)
    say(`  ${name.padEnd(8)} ${time.padStart(6)}  ${line(tally)}`)
  say(`  ${'all'.padEnd(8)} ${took(began).padStart(6)}`)
  if (total.skipped.length > 0) say(`\nSkipped\n${total.skipped.map((name) => `  ${name}`).join('\n')}`)
  if (refused) say('  With CI=true nothing may be skipped: these count as failed.')
  if (total.failed.length > 0) say(`\nFailed\n${total.failed.map((name) => `  ${name}`).join('\n')}`)
  const counted: Tally = refused
    ? { passed: total.passed, failed: [...total.failed, ...total.skipped], skipped: [] }
    : total
  say(`\n${line(counted)}`)
  process.exitCode = counted.failed.length > 0 ? 1 : 0
}
