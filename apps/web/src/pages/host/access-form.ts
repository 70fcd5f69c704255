import type { Access, Policy } from '@argos/contract'
import { list } from '../../lib/words.ts'

export type Guarded = Extract<Access, { kind: 'policy' }>

export const guarded = (policyId: string): Guarded => ({
  kind: 'policy',
  policyId,
  paths: [],
  keep: true,
  assertion: false,
})

/** As it is sent: an empty field for one more path is no exception yet. */
export const sentAccess = (access: Access): Access =>
  access.kind === 'public'
    ? access
    : {
        ...access,
        paths: access.paths
          .map((one) => ({ ...one, path: one.path.trim() }))
          .filter(({ path }) => path !== ''),
      }

/** "Open to whoever is signed in." as it goes on inside a sentence: "open to whoever is signed in". */
const inside = (sentence: string): string =>
  (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/, '')

/** Who gets in, in one sentence: the policy's, and what the paths differ in. */
export function whoGetsIn(access: Access, of: (id: string) => Policy | undefined): string {
  if (access.kind === 'public') return 'Open to everyone, without a sign-in.'
  const policy = of(access.policyId)
  if (policy === undefined) return access.policyId === '' ? 'Choose a policy.' : 'As its policy says.'
  const paths = sentAccess(access)
  const open = paths.kind === 'policy' ? paths.paths : []
  const public_ = open.filter((one) => one.access === 'public').map(({ path }) => path)
  const others = open.filter((one) => one.access !== 'public')
  const more = [
    ...(public_.length === 0
      ? []
      : [`${list(public_)} ${public_.length === 1 ? 'is' : 'are'} open to everyone`]),
    ...others.map(
      ({ path, access: id }) => `${path} is ${inside(of(id)?.sentence ?? 'as another policy says')}`,
    ),
  ]
  if (more.length === 0) return policy.sentence
  return `${policy.sentence.replace(/\.$/, '')}; but ${list(more)}.`
}
