import { type Bench, holds, type Row } from './bench.ts'
import { crash } from './benches/crash.ts'
import { edits } from './benches/edits.ts'
import { failures } from './benches/failures.ts'
import { javascript } from './benches/javascript.ts'
import { loads } from './benches/loads.ts'
import { memory } from './benches/memory.ts'
import { parity } from './benches/parity.ts'
import { rate } from './benches/rate.ts'
import { signin } from './benches/signin.ts'
import { start } from './benches/start.ts'
import { load, machine } from './machine.ts'
import { prepareTools } from './tools.ts'

const benches: readonly Bench[] = [
  rate,
  edits,
  loads,
  failures,
  memory,
  start,
  javascript,
  signin,
  parity,
  crash,
]
const say = (line = ''): void => void process.stdout.write(`${line}\n`)

const words = process.argv.slice(2)
const rounds = Number(words.find((w) => w.startsWith('--rounds='))?.slice('--rounds='.length) ?? 5)
const asked = words.filter((w) => !w.startsWith('--'))
const unknown = asked.find((name) => !benches.some((b) => b.name === name))
if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  if (unknown !== undefined) say(`argos: there is no bench \`${unknown}\`.`)
  say('Usage: ./argos bench [--rounds=5] [names]')
  for (const { name, summary } of benches) say(`  ${name.padEnd(12)}${summary}`)
  process.exit(2)
}

const tools = prepareTools()
say(`${new Date().toISOString().slice(0, 10)}, ${machine()}, medians of ${rounds} alternating runs`)
let broken = 0
for (const bench of benches.filter((b) => (asked.length === 0 ? !b.onRequest : asked.includes(b.name)))) {
  say(`\n${bench.name}: ${bench.summary}`)
  const before = load()
  const rows = await bench.run({
    rounds,
    tools,
    say: (text) => void (process.stderr.isTTY && process.stderr.write(`  … ${text}\n`)),
  })
  table(rows)
  say(`  load average ${before.toFixed(1)} before, ${load().toFixed(1)} after`)
  broken += rows.filter((row) => holds(row) === false).length
}
if (broken > 0) say(`\n${broken} ${broken === 1 ? 'figure is' : 'figures are'} beyond the limit.`)
process.exitCode = broken > 0 ? 1 : 0

function table(rows: readonly Row[]): void {
  const cells = rows.map((row) => {
    const held = holds(row)
    return [
      row.what,
      row.ours,
      row.beside,
      row.ratio === null ? '' : row.ratio.toFixed(2),
      row.limit === null ? '' : 'most' in row.limit ? `≤ ${row.limit.most}` : `≥ ${row.limit.least}`,
      held === null ? '' : held ? 'holds' : 'BEYOND',
    ]
  })
  const head = ['what', 'ours', 'beside', 'ratio', 'limit', '']
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((row) => row[i]?.length ?? 0)))
  for (const row of [head, ...cells])
    say(
      `  ${row.map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`.trimEnd(),
    )
}
