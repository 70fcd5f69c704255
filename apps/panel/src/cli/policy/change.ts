import { policyCreate, policyDelete, policyUpdate } from '@argos/contract'
import { asking } from '../api.ts'
import { confirmQuery } from '../confirm.ts'
import { needed } from '../pairs.ts'
import { changingOptions, changingWords, reportSaved, savingOptions, savingWords } from '../report.ts'
import { verb } from '../verb.ts'
import { findPolicy } from './find.ts'
import { clausesOf, typedWays, waysDetails } from './ways.ts'

const addUsage = 'policy add NAME WAY… [--json]'
const setUsage = 'policy set NAME [--name NEW] [WAY…] [--confirm SECONDS] [--json] [--no-wait]'

export const add = verb({
  summary: 'Make a policy that hosts may use',
  usage: addUsage,
  options: savingOptions,
  words: savingWords,
  details: waysDetails,
  positionals: Number.POSITIVE_INFINITY,
  run: (context, values, [typed, ...words]) => {
    const name = needed(typed, 'The name of the policy', addUsage)
    needed(words[0], 'A way in', addUsage)
    const ways = typedWays(words)
    return asking(context, values.json, async (call) => {
      const answer = await call(policyCreate, { body: { name, rules: { any: await clausesOf(call, ways) } } })
      const done = `Added the policy ${answer.policy.name}`
      return reportSaved(context, call, values, {
        ...{ words: done, state: 'saved', saved: answer.saved, hostIds: [], answer },
      })
    })
  },
})

export const set = verb({
  summary: 'Change who gets in by a policy, for all hosts that use it',
  usage: setUsage,
  options: { name: { type: 'string' }, ...changingOptions },
  words: { name: 'Call it otherwise', ...changingWords },
  details: `The ways that are named take the place of all that were there.\n${waysDetails}`,
  positionals: Number.POSITIVE_INFINITY,
  run: (context, values, [typed, ...words]) => {
    const wanted = needed(typed, 'The name of a policy', setUsage)
    const ways = words.length === 0 ? null : typedWays(words)
    if (ways === null) needed(values.name, 'What to change', setUsage)
    const query = confirmQuery(values.confirm)
    return asking(context, values.json, async (call) => {
      const { id, version, name, rules } = await findPolicy(call, wanted)
      const any = ways === null ? rules.any : await clausesOf(call, ways)
      const body = { version, name: values.name ?? name, rules: { any } }
      const answer = await call(policyUpdate, { params: { id }, query, body })
      return reportSaved(context, call, values, {
        words: `Changed the policy ${answer.policy.name}`,
        saved: answer.saved,
        hostIds: [...new Set(answer.policy.hosts.map((host) => host.id))],
        answer,
      })
    })
  },
})

export const rm = verb({
  summary: 'Delete a policy that no host uses',
  usage: 'policy rm NAME [--json]',
  options: savingOptions,
  words: savingWords,
  positionals: 1,
  run: (context, values, [typed]) => {
    const wanted = needed(typed, 'The name of a policy', 'policy rm NAME')
    return asking(context, values.json, async (call) => {
      const { id, name } = await findPolicy(call, wanted)
      const answer = await call(policyDelete, { params: { id } })
      const words = `Deleted the policy ${name}`
      return reportSaved(context, call, values, {
        ...{ words, state: 'gone', saved: answer.saved, hostIds: [], answer },
      })
    })
  },
})
