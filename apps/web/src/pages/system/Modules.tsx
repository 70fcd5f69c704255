import { useState } from 'react'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { sortedModules } from './words.ts'

const few = 24

/** What the edge is built of, our own modules first. */
export function Modules({ modules }: { modules: readonly string[] }) {
  const [all, setAll] = useState(false)
  const sorted = sortedModules(modules)
  const shown = all ? sorted : sorted.slice(0, few)
  return (
    <Card
      title="Modules of the edge"
      aside={<span className="t3 sm">{modules.length === 0 ? '' : things(modules.length, 'module')}</span>}
    >
      {modules.length === 0 ? (
        <Status state="unknown">The edge has not said yet what it is built of.</Status>
      ) : (
        <ul className="grid gap-x-4 sm:grid-cols-2">
          {shown.map((name) => (
            <li key={name} className="cut" title={name}>
              <code className={name.includes('argos') ? '' : 't2'}>{name}</code>
            </li>
          ))}
        </ul>
      )}
      {sorted.length > few ? (
        <div className="mt-3">
          <Button size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${sorted.length - few} more`}
          </Button>
        </div>
      ) : null}
    </Card>
  )
}
