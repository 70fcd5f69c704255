import type { Output, policyTest, Verdict } from '@argos/contract'
import type { State } from '../../ui/StateGlyph.tsx'

export type Tested = Output<typeof policyTest>

/** What a verdict looks like and how it is called. */
export const verdicts: Record<Verdict, { readonly state: State; readonly words: string }> = {
  open: { state: 'ok', words: 'gets in' },
  sign_in: { state: 'watching', words: 'has to sign in' },
  factor: { state: 'watching', words: 'has to give a second factor' },
  denied: { state: 'bad', words: 'does not get in' },
}

const order: readonly Verdict[] = ['open', 'factor', 'sign_in', 'denied']

/** Those who get in first, the same verdicts together. */
export const byVerdict = (people: Tested['people']) =>
  order.flatMap((verdict) => {
    const those = people.filter((person) => person.verdict === verdict)
    return those.length === 0 ? [] : [{ verdict, people: those }]
  })

/** "2026-11-25T14:30" of a field in the browser's own clock as a moment; undefined for now or what is no time. */
export function momentOf(local: string): number | undefined {
  if (local === '') return undefined
  const at = new Date(local).getTime()
  return Number.isNaN(at) ? undefined : at
}

/** An address without a scheme is meant as https: what people copy from elsewhere is whole already. */
export const asUrl = (typed: string): string => {
  const text = typed.trim()
  return text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
}
