import { type Access, type Call, type Policy, policyList } from '@argos/contract'
import { notFound } from '../api.ts'
import { listOf } from '../pairs.ts'
import { exitCode, Refusal } from '../verb.ts'

/** The policy with this name, however it is capitalised, or this id. */
export async function findPolicy(call: Call, typed: string): Promise<Policy> {
  const { policies } = await call(policyList, {})
  const found =
    policies.find(({ id, name }) => id === typed || name === typed) ??
    policies.find(({ name }) => name.toLowerCase() === typed.toLowerCase())
  if (found) return found
  throw notFound(`There is no policy \`${typed}\`. \`./argos policy list\` shows them.`)
}

/** `public` is a policy that needs no finding. */
const idOf = async (call: Call, typed: string): Promise<string> =>
  typed === 'public' ? 'public' : (await findPolicy(call, typed)).id

export interface TypedAccess {
  readonly policy?: string | undefined
  /** `/share/:public, /admin:Only me`. */
  readonly paths?: string | undefined
  readonly keep?: boolean | undefined
  readonly assertion?: boolean | undefined
}

/** The way in as it is, with what is typed put in. */
export async function typedAccess(call: Call, typed: TypedAccess, now: Access): Promise<Access> {
  const { policy, paths, keep, assertion } = typed
  const before = now.kind === 'policy' ? now : { policyId: '', paths: [], keep: true, assertion: false }
  const policyId = policy === undefined ? before.policyId : await idOf(call, policy)
  const more = paths !== undefined || keep !== undefined || assertion !== undefined
  if (policyId === 'public' && !more) return { kind: 'public' }
  if (policyId === 'public' || policyId === '') {
    if (!more) return now
    throw new Refusal(
      'Paths, keep and assertion need a policy.',
      'Name one with policy=NAME.',
      exitCode.usage,
    )
  }
  const typedPaths = paths === undefined ? null : listOf(paths).map(pathOf)
  const exceptions = typedPaths === null ? before.paths : []
  for (const { path, name } of typedPaths ?? []) exceptions.push({ path, access: await idOf(call, name) })
  return {
    ...{ kind: 'policy', policyId, paths: exceptions },
    ...{ keep: keep ?? before.keep, assertion: assertion ?? before.assertion },
  }
}

function pathOf(text: string): { readonly path: string; readonly name: string } {
  const at = text.lastIndexOf(':')
  if (at > 0 && at < text.length - 1) return { path: text.slice(0, at), name: text.slice(at + 1) }
  throw new Refusal(
    `\`${text}\` is no exception for a path.`,
    'Write it as /share/:public or /admin:POLICY.',
    exitCode.usage,
  )
}
