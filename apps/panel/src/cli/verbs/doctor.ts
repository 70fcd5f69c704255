import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { exitCode, verb } from '../verb.ts'

const marks: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', warning: 'warn', bad: 'BAD ' }

export default verb({
  summary: 'Look for what is wrong with this installation, and say what to do',
  usage: 'doctor [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  details: 'It changes nothing. Exit code 1 when something is bad, 0 when there are only warnings.',
  async run(context, { json }) {
    const findings = await examine(context)
    const bad = findings.filter((f) => f.level === 'bad').length
    const warnings = findings.filter((f) => f.level === 'warning').length
    if (json) context.say(JSON.stringify(findings, null, 2))
    else {
      const width = Math.max(...findings.map((f) => f.about.length))
      for (const { level, about, found, remedy } of findings) {
        context.say(`  ${marks[level]}  ${about.padEnd(width)}  ${found}`)
        if (remedy !== undefined) context.say(`  ${' '.repeat(4)}  ${' '.repeat(width)}  -> ${remedy}`)
      }
      context.say()
      context.say(
        bad + warnings === 0
          ? '  Nothing is wrong.'
          : `  ${bad} bad, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`,
      )
    }
    return bad > 0 ? exitCode.failed : exitCode.ok
  },
})
