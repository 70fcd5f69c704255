import type { CaddyChange, ObjectDiff } from '@argos/contract'
import { inColumns } from '../../lib/diff.ts'
import { jsonDiff } from '../../lib/json-diff.ts'
import { things } from '../../lib/words.ts'
import { Diff } from '../../ui/Feedback.tsx'
import { Words } from '../../ui/Words.tsx'
import { objectTitle } from './words.ts'

/** Of a change that touched thousands the panel sends so many. */
const mostObjects = 100

interface Props {
  objects: readonly ObjectDiff[]
  /** Without the words, which tell of a moment: between two states there is none. */
  linesOnly?: boolean
}

/** What a change did to each host, pool or the settings: in words, then line by line. */
export function Objects({ objects, linesOnly = false }: Props) {
  return (
    <ul className="grid gap-3">
      {objects.map((object) => (
        <li key={`${object.kind} ${object.id}`} className="grid gap-1">
          <ul className="t2 empty:hidden">
            {(linesOnly ? [] : object.words).map((words) => (
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

interface CaddyProps {
  caddy: readonly CaddyChange[]
  /** What is known of by name: the edge calls pools by their ids. */
  objects: readonly ObjectDiff[]
}

/** The edge's own configuration, before and after. */
export function CaddyChanges({ caddy, objects }: CaddyProps) {
  const named = ({ kind, id, name }: CaddyChange) => {
    const known = objects.find((object) => object.kind === kind && object.id === id)
    if (known) return objectTitle(known)
    return kind === 'pool' ? `pool ${name}` : name
  }
  if (caddy.length === 0) return <p className="t3 sm">The edge’s configuration stayed as it was.</p>
  return (
    <ul className="grid gap-3">
      {caddy.map((change) => (
        <li key={`${change.kind} ${change.id}`}>
          <Diff title={named(change)} lines={jsonDiff(change.before, change.after)} />
        </li>
      ))}
    </ul>
  )
}
