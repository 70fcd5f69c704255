import { hostView, type Intent, type Preview } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Database, Globe, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { query } from '../../api/query.ts'
import { inColumns } from '../../lib/diff.ts'
import { jsonDiff } from '../../lib/json-diff.ts'
import { things } from '../../lib/words.ts'
import { Diff, Skeleton } from '../../ui/Feedback.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import { type StageId, stagesChanged, touchedWords } from './words.ts'

interface Props {
  intent: Intent
  preview: Preview | undefined
  loading: boolean
  /** What this browser adds: that it would lose its own way in. */
  warnings: readonly string[]
}

const shownWords = 8
const shownHosts = 12

/** What it does in words, why to be careful, the settings and the Caddy JSON line by line, and whom it touches. */
export function ReviewBody({ intent, preview, loading, warnings }: Props) {
  if (preview === undefined) return <div className="main2">{loading ? <Skeleton rows={6} /> : null}</div>
  const more = preview.words.length - shownWords
  // What stands among the words already is not said twice.
  const risks = [...warnings, ...preview.risks].filter((risk) => !preview.words.includes(risk))
  return (
    <div className="cols2">
      <div className="main2">
        <ul className="says">
          {preview.words.slice(0, shownWords).map((words) => (
            <Says key={words} state="suggestion" text={words} />
          ))}
          {more > 0 ? <li className="t3">and {things(more, 'more effect')}</li> : null}
          {risks.map((risk) => (
            <Says key={risk} state="warn" text={risk} />
          ))}
          {preview.needsLoad ? (
            <Says
              state="suggestion"
              text="The edge loads its whole configuration for it. Open requests go on."
            />
          ) : null}
        </ul>
        <Differences preview={preview} />
      </div>
      <Aside intent={intent} preview={preview} />
    </div>
  )
}

function Says({ state, text }: { state: 'suggestion' | 'warn'; text: string }) {
  const end = text.search(/[.:!?](\s|$)/)
  const first = end === -1 ? text : text.slice(0, end + 1)
  return (
    <li>
      <StateGlyph state={state} size={11} label={state === 'warn' ? 'Mind this' : undefined} />
      <p>
        <b>
          <Words text={first} />
        </b>
        <Words text={text.slice(first.length)} />
      </p>
    </li>
  )
}

function Differences({ preview }: { preview: Preview }) {
  const [tab, setTab] = useState<'settings' | 'caddy'>('settings')
  const objects = preview.objects.filter((object) => object.diff.length > 0)
  return (
    <>
      <div className="dt">
        <Segmented
          label="What to compare"
          value={tab}
          onChange={setTab}
          options={[
            { value: 'settings', label: 'Settings' },
            { value: 'caddy', label: 'Caddy JSON' },
          ]}
        />
        <span className="t3 sm end">{touchedWords(preview)}</span>
      </div>
      <div className="grid gap-2">
        {tab === 'settings'
          ? objects.map((object) => (
              <Diff key={`${object.kind} ${object.id}`} title={object.name} lines={inColumns(object.diff)} />
            ))
          : preview.caddy.map((change) => (
              <Diff
                key={`${change.kind} ${change.id}`}
                title={change.name}
                lines={jsonDiff(change.before, change.after)}
              />
            ))}
        {tab === 'settings' && objects.length === 0 ? <p className="t3 sm">No setting differs.</p> : null}
        {tab === 'caddy' && preview.caddy.length === 0 ? (
          <p className="t3 sm">The edge’s configuration stays as it is.</p>
        ) : null}
        {tab === 'caddy' && preview.caddy.length === 20 ? (
          <p className="t3 sm">Only the first 20 are shown.</p>
        ) : null}
      </div>
    </>
  )
}

const stages: readonly { id: StageId; name: string; icon: typeof Globe }[] = [
  { id: 'internet', name: 'Internet', icon: Globe },
  { id: 'access', name: 'Sign-in', icon: LockOpen },
  { id: 'upstreams', name: 'Upstreams', icon: Database },
]

function Aside({ intent, preview }: { intent: Intent; preview: Preview }) {
  const id = intent.kind === 'hostUpdate' ? intent.id : ''
  const host = useQuery({ ...query(hostView, { params: { id } }), enabled: id !== '' }).data
  const changed = stagesChanged(intent, host)
  const { touched, untouched } = preview
  return (
    <aside className="aside2" aria-label="Whom it touches">
      {changed.length === 0 ? null : (
        <>
          <h3>Where on the path</h3>
          <ol className="mp">
            {stages.map(({ id: stage, name, icon: Icon }) => (
              <li key={stage} className={changed.includes(stage) ? 'chg' : undefined}>
                <Icon size={15} aria-hidden="true" />
                <span>{name}</span>
                {changed.includes(stage) ? <em>changes</em> : null}
              </li>
            ))}
          </ol>
        </>
      )}
      <h3>Touches</h3>
      <ul className="touches">
        {touched.slice(0, shownHosts).map((one) => (
          <li key={one.id} className="cut" title={one.name}>
            {one.name}
          </li>
        ))}
        {touched.length > shownHosts ? (
          <li className="t3">and {things(touched.length - shownHosts, 'more', 'more')}</li>
        ) : null}
        {touched.length === 0 ? <li className="t3">no host</li> : null}
      </ul>
      <p className="t3 sm">
        {untouched === 0 ? 'There is no other host.' : `${things(untouched, 'other host')} untouched`}
      </p>
    </aside>
  )
}
