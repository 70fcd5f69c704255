import { type Factors, factorsView, sessionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { Card } from '../../ui/Page.tsx'
import { type State, StateGlyph } from '../../ui/StateGlyph.tsx'

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

export function SignInCard() {
  const factors = useQuery(query(factorsView))
  const sessions = useQuery(query(sessionList))
  const open = sessions.data?.sessions.length
  const lines = [
    ...(factors.data ? signInLines(factors.data) : []),
    ...(open === undefined
      ? []
      : [
          {
            id: 'sessions',
            state: 'ok' as const,
            words: `Signed in on ${things(open, 'browser')}`,
            act: open > 1 ? 'Sign out others' : 'Show',
            section: 'sessions',
          },
        ]),
  ]
  if (lines.length === 0) return null
  return (
    <Card title="Your sign-in" flush>
      <ul className="sec">
        {lines.map((line) => (
          <li key={line.id}>
            <StateGlyph state={line.state} />
            <span>{line.words}</span>
            <Link
              className="link sm end"
              to={paths.account(line.section)}
              aria-label={`${line.act}: ${line.words}`}
            >
              {line.act}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
