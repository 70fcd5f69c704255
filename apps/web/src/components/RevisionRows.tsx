import type { Revision } from '@argos/contract'
import { useSuspenseQuery } from '@tanstack/react-query'
import { meQuery } from '../api/query.ts'
import { sentence } from '../lib/actor.ts'
import { paths } from '../lib/paths.ts'
import { outcomeLight } from '../pages/changes/words.ts'
import { Status } from '../ui/StateGlyph.tsx'
import { Link } from './Link.tsx'
import { Ago } from './Time.tsx'
import './rows.css'

/** The latest revisions, a line each. */
export function RevisionRows({ revisions, empty }: { revisions: readonly Revision[]; empty: string }) {
  const me = useSuspenseQuery(meQuery).data.user.username
  return revisions.length === 0 ? (
    <p className="t2 p-4">{empty}</p>
  ) : (
    <ul className="rows revs">
      {revisions.map((revision) => (
        <li key={revision.number}>
          <Link className="link" to={paths.changes({ open: String(revision.number) })}>
            r{revision.number}
          </Link>
          <span className="grow t2">
            {revision.words
              .map((words) => sentence(revision.actor, words, me))
              .map((said) => `${said.who} ${said.does}`.trim())
              .join('; ')}
            <span className="t3 sm">
              {' '}
              · <Ago at={revision.at} />
            </span>
          </span>
          {revision.outcome === 'live' ? null : (
            <span className="sm" title={revision.error ?? undefined}>
              <Status state={outcomeLight(revision).state}>{outcomeLight(revision).words}</Status>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
