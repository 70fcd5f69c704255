import { factorsView, sessionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { signInLines } from './sign-in-lines.ts'

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
