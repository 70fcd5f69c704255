import {
  type Call,
  type DriftObject,
  driftAdopt,
  driftReapply,
  driftView,
  systemStatus,
} from '@argos/contract'
import { asking, notFound } from '../api.ts'
import { reportSaved, savingOptions, savingWords } from '../report.ts'
import { moment, plain, table } from '../table.ts'
import { exitCode, verb } from '../verb.ts'

export const show = verb({
  summary: 'What somebody else changed at the edge',
  usage: 'drift show [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: "As JSON, with the panel's and the edge's configuration of each" },
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const answer = await call(driftView, {})
      if (json) context.say(JSON.stringify(answer, null, 2))
      else if (answer.objects.length === 0) {
        // Nothing found at an edge that does not answer is not nothing there.
        const { edge } = await call(systemStatus, {})
        context.say(
          edge.state === 'unreachable'
            ? 'The edge does not answer. When it last did, it held what the panel gave it.'
            : 'The edge holds what the panel gave it.',
        )
      } else {
        if (answer.since !== null) context.say(`Since ${moment(answer.since)}:`)
        const rows = answer.objects.map((o) => [nameOf(o), o.how, o.noAdopt ?? 'can be adopted'])
        table(['WHAT', 'HOW', 'ADOPT'], rows).forEach(context.say)
      }
      return exitCode.ok
    }),
})

const deciding = (
  name: 'reapply' | 'adopt',
  operation: typeof driftReapply | typeof driftAdopt,
  summary: string,
  done: string,
) =>
  verb({
    summary,
    usage: `drift ${name} [NAME…] [--json] [--no-wait]`,
    options: savingOptions,
    words: savingWords,
    details: 'Without a NAME all of it. NAME is as `drift show` lists it, or an id.',
    positionals: Number.POSITIVE_INFINITY,
    run: (context, values, names) =>
      asking(context, values.json, async (call) => {
        const objects = await chosen(call, names)
        const body = names.length === 0 ? {} : { objects: objects.map(({ kind, id }) => ({ kind, id })) }
        const answer = await call(operation, { body })
        const words = `${done} ${objects.map(nameOf).join(', ')}`
        return reportSaved(context, call, values, { words, saved: answer.saved, hostIds: [], answer })
      }),
  })

export const reapply = deciding('reapply', driftReapply, "Put the panel's version back over it", 'Put back')
export const adopt = deciding('adopt', driftAdopt, 'Take it into the panel', 'Adopted')

async function chosen(call: Call, names: readonly string[]): Promise<readonly DriftObject[]> {
  const { objects } = await call(driftView, {})
  if (objects.length === 0) throw notFound('Nobody else changed anything at the edge.')
  if (names.length === 0) return objects
  return names.map((typed) => {
    const found = objects.find((o) => o.id === typed || o.name === typed || nameOf(o) === typed)
    if (found) return found
    throw notFound(`Nobody else changed \`${typed}\`. \`./argos drift show\` lists what was changed.`)
  })
}

const nameOf = ({ kind, name }: DriftObject): string => plain(kind === 'base' ? name : `${kind} ${name}`)
