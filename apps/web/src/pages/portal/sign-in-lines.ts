import type { Factors } from '@argos/contract'
import { things } from '../../lib/words.ts'
import type { State } from '../../ui/StateGlyph.tsx'

interface Line {
  readonly id: string
  readonly state: State
  readonly words: string
  readonly act: string
  readonly section: string
}

/** What of the sign-in is there, and what asks for something. Few recovery codes do, and none of a second factor. */
export function signInLines({ totp, passkeys, recoveryCodes }: Factors): Line[] {
  const some = passkeys.length > 0
  const first = passkeys[0]?.name ?? ''
  const low = recoveryCodes !== null && recoveryCodes.left < 3
  return [
    {
      id: 'passkey',
      state: some ? 'ok' : 'off',
      words: !some
        ? 'No passkey'
        : passkeys.length === 1
          ? `Passkey ${first}`
          : things(passkeys.length, 'passkey'),
      act: 'Add one',
      section: 'passkeys',
    },
    {
      id: 'totp',
      state: totp ? 'ok' : some ? 'off' : 'suggestion',
      words: totp ? 'Two-step code' : 'No two-step code',
      act: totp ? 'Change' : 'Set up',
      section: 'factor',
    },
    ...(recoveryCodes === null
      ? []
      : [
          {
            id: 'codes',
            state: low ? ('warn' as const) : ('ok' as const),
            words: `${recoveryCodes.left} of ${recoveryCodes.of} recovery codes left`,
            act: 'New codes',
            section: 'factor',
          },
        ]),
  ]
}
