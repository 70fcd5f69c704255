import {
  type Call,
  type PendingChange,
  pendingExtend,
  pendingKeep,
  pendingReturn,
  pendingView,
} from '@argos/contract'
import { asking, notFound } from '../api.ts'
import { pendingLines } from '../pending.ts'
import { reportSaved, savingOptions, savingWords } from '../report.ts'
import { actorOf, moment, plain } from '../table.ts'
import { exitCode, verb } from '../verb.ts'

export const pending = verb({
  summary: 'The change that waits to be kept, and how the last one ended',
  usage: 'revisions pending [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(pendingView, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      else {
        const { pending: waits, last, queued } = answer
        if (waits === null) context.say('No change waits to be kept.')
        else {
          context.say(plain(`${waits.words.join('; ')}, by ${actorOf(waits.actor)}`))
          pendingLines(waits).forEach(context.say)
          if (queued > 0) context.say(`Behind it: ${queued} saved, live after it is kept or put back.`)
        }
        if (last !== null)
          context.say(
            plain(
              `Before: ${last.words.join('; ')}: ${last.outcome} at ${moment(last.at)}. ${last.reason ?? ''}`,
            ),
          )
      }
      return exitCode.ok
    }),
})

const deciding = (
  name: 'keep' | 'return',
  operation: typeof pendingKeep | typeof pendingReturn,
  summary: string,
  done: string,
) =>
  verb({
    summary,
    usage: `revisions ${name} [--json] [--no-wait]`,
    options: savingOptions,
    words: savingWords,
    run: (context, values) =>
      asking(context, values.json, async (call) => {
        const waits = await waiting(call)
        const answer = await call(operation, { params: { id: waits.id } })
        const words = `${done}: ${waits.words.join('; ')}`
        return reportSaved(context, call, values, { words, saved: answer.saved, hostIds: [], answer })
      }),
  })

export const keep = deciding('keep', pendingKeep, 'Keep the change that waits', 'Kept')
export const putBack = deciding('return', pendingReturn, 'Put back what was before it', 'Put back')

export const extend = verb({
  summary: 'Let it wait five minutes from now; once',
  usage: 'revisions extend [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const { id } = await waiting(call)
      const answer = await call(pendingExtend, { params: { id } })
      if (json) context.say(JSON.stringify(answer, null, 2))
      else pendingLines(answer).forEach(context.say)
      return exitCode.ok
    }),
})

async function waiting(call: Call): Promise<PendingChange> {
  const { pending: waits } = await call(pendingView, {})
  if (waits !== null) return waits
  throw notFound('No change waits to be kept. `./argos revisions pending` tells how the last one ended.')
}
