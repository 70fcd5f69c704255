import type { Call } from '@argos/contract'
import { changePreview, changeUndo, type Intent, revisionRestore, revisionView } from '@argos/contract'
import { asking, notFound } from '../api.ts'
import { confirmQuery } from '../confirm.ts'
import { changingOptions, changingWords, reportSaved } from '../report.ts'
import { plain } from '../table.ts'
import { type Context, exitCode, Refusal, verb } from '../verb.ts'
import { objectLines, revisionNumber } from './read.ts'

const options = { 'dry-run': { type: 'boolean' }, ...changingOptions } as const
const words = { 'dry-run': 'Only say what would change', ...changingWords } as const

export const restore = verb({
  summary: 'Bring hosts, pools and settings back to what they were at a revision',
  usage: 'revisions restore NUMBER [--dry-run] [--confirm SECONDS] [--json] [--no-wait]',
  options,
  words,
  details: 'It is a change like any other: `revisions undo` takes it back.',
  positionals: 1,
  run: (context, values, [typed]) => {
    const number = revisionNumber(typed, 'revisions restore NUMBER')
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      if (values['dry-run']) return preview(context, call, { kind: 'restore', revision: number }, values.json)
      const answer = await call(revisionRestore, { params: { number }, query })
      return reportSaved(context, call, values, {
        words: answer.words.join('; ') || `Restored r${number}`,
        saved: answer.saved,
        hostIds: [],
        answer,
      })
    })
  },
})

export const undo = verb({
  summary: 'Undo what one revision changed, and nothing else',
  usage: 'revisions undo NUMBER [--dry-run] [--confirm SECONDS] [--json] [--no-wait]',
  options,
  words,
  details: 'Refused when something of it was changed again since; the revision is named then.',
  positionals: 1,
  run: (context, values, [typed]) => {
    const number = revisionNumber(typed, 'revisions undo NUMBER')
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const { changes } = await call(revisionView, { params: { number } })
      const [change, ...others] = changes
      if (change === undefined)
        throw notFound(`r${number} brought no change of anybody's. \`./argos revisions list\` shows others.`)
      if (others.length > 0)
        throw new Refusal(
          `r${number} brought ${changes.length} changes together.`,
          `\`./argos revisions restore ${number - 1}\` brings back what was before; \`--dry-run\` says what that changes.`,
          exitCode.refused,
        )
      const { generation } = change
      if (values['dry-run']) return preview(context, call, { kind: 'undo', generation }, values.json)
      const answer = await call(changeUndo, { params: { generation }, query })
      return reportSaved(context, call, values, {
        words: answer.words.join('; ') || `Undid r${number}`,
        saved: answer.saved,
        hostIds: [],
        answer,
      })
    })
  },
})

/** What it would do; exit code 4 when it cannot be done. */
async function preview(
  context: Context,
  call: Call,
  intent: Intent,
  json: boolean | undefined,
): Promise<number> {
  const answer = await call(changePreview, { body: { intent } })
  if (json) context.say(JSON.stringify(answer, null, 2))
  else {
    for (const text of answer.words) context.say(plain(text))
    answer.objects.flatMap(objectLines).forEach(context.say)
    context.say(`\n${answer.touched.length} touched, ${answer.untouched} untouched. Nothing was changed.`)
  }
  if (answer.blocked !== null) throw new Refusal(answer.blocked, 'Nothing was changed.', exitCode.refused)
  return exitCode.ok
}
