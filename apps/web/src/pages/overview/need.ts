import type { State } from '../../ui/StateGlyph.tsx'

/** One row of "Needs attention": the thing, what it does, why, since when, what to press. */
export interface Need {
  readonly id: string
  readonly state: Extract<State, 'bad' | 'warn' | 'suggestion'>
  readonly thing: string
  readonly verb: string
  readonly why: string
  readonly since: number | null
  readonly action: { readonly label: string; readonly to: string }
}
