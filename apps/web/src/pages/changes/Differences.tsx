import type { CaddyChange, ObjectDiff } from '@argos/contract'
import { inColumns } from '../../lib/diff.ts'
import { jsonDiff } from '../../lib/json-diff.ts'
import { things } from '../../lib/words.ts'
import { Diff } from '../../ui/Feedback.tsx'
import { Words } from '../../ui/Words.tsx'
import { objectTitle } from './words.ts'

/** Of a change that touched thousands the panel sends so many. */
const mostObjects = 100

/** What a change did to each host, pool or the settings: in words, then line by line. */
export function Objects({ objects }: { objects: readonly ObjectDiff[] }) {
  return (
    <ul className="grid gap-3">
      {objects.map((object) => (
        <li key={`${object.kind} ${object.id}`} className="grid gap-1">
          <ul className="t2 empty:hidden">
            {object.words.map((words) => (
              <li key={words}>
                <Words text={words} />
              </li>
            ))}
          </ul>
          {object.diff.length === 0 ? (
            <p className="t3 sm">{objectTitle(object)}: no setting differs.</p>
          ) : (
            <Diff title={objectTitle(object)} lines={inColumns(object.diff)} />
          )}
        </li>
      ))}
      {objects.length >= mostObjects ? (
        <li className="t3 sm">Only the first {things(mostObjects, 'is shown', 'are shown')}.</li>
      ) : null}
    </ul>
  )
}

/** The edge's own configuration, before and after. */
export function CaddyChanges({ caddy }: { caddy: readonly CaddyChange[] }) {
  if (caddy.length === 0) return <p className="t3 sm">The edge’s configuration stayed as it was.</p>
  return (
    <ul className="grid gap-3">
      {caddy.map((change) => (
        <li key={`${change.kind} ${change.id}`}>
          <Diff title={change.name} lines={jsonDiff(change.before, change.after)} />
        </li>
      ))}
    </ul>
  )
}
