import type { DriftObject } from '@argos/contract'
import { Link } from '../../components/Link.tsx'
import { jsonDiff } from '../../lib/json-diff.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/Button.tsx'
import { Diff } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { howOf, type Verb } from './words.ts'

interface Props {
  object: DriftObject
  onAsk: (verb: Verb) => void
}

const kinds = { host: 'host', pool: 'pool', base: '' }

/** One thing that is not as the panel left it: the panel's and the edge's form line by line, and the two ways on. */
export function DriftObjectCard({ object, onAsk }: Props) {
  const { kind, how, name, noAdopt } = object
  const to =
    how === 'added'
      ? null
      : kind === 'host'
        ? paths.host(object.id)
        : kind === 'pool'
          ? paths.pool(object.id)
          : null
  return (
    <Card
      title={
        <span className="row wrap g2">
          <StateGlyph state="warn" label="" />
          {kinds[kind] === '' ? null : <span className="t3">{kinds[kind]}</span>}
          {to === null ? (
            name
          ) : (
            <Link className="link" to={to}>
              {name}
            </Link>
          )}
          <span className="t2 font-normal">{howOf(object)}</span>
        </span>
      }
    >
      <div className="grid gap-3">
        <Diff title="the panel’s −, at the edge +" lines={jsonDiff(object.ours, object.theirs)} />
        <div className="row wrap g2">
          <Button size="sm" onClick={() => onAsk('reapply')}>
            Put the panel’s back…
          </Button>
          {noAdopt === null ? (
            <Button size="sm" onClick={() => onAsk('adopt')}>
              Adopt it…
            </Button>
          ) : (
            <p className="t2 sm">
              <b>It cannot be adopted.</b> {noAdopt}
            </p>
          )}
        </div>
      </div>
    </Card>
  )
}
