import { type HostCreate, hostPreview, type Preview } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ApiError, call } from '../api/call.ts'
import { useDebounced } from '../hooks/debounced.ts'
import { inColumns } from '../lib/diff.ts'
import { list, things } from '../lib/words.ts'
import { Diff, Note } from '../ui/Feedback.tsx'
import { Status } from '../ui/StateGlyph.tsx'

export interface PreviewInput {
  /** A change of this host; without it a new one. */
  id?: string
  host: HostCreate
}

export interface PreviewState {
  readonly preview: Preview | undefined
  /** The preview on screen is of what was typed before. */
  readonly checking: boolean
  readonly error: ApiError | null
}

/** Asks what a change would do, 400 ms after the last key. `null` while there is nothing to ask. */
export function usePreview(input: PreviewInput | null): PreviewState {
  const text = input === null ? '' : JSON.stringify(input)
  const asked = useDebounced(text)
  const answer = useQuery({
    queryKey: [hostPreview.id, asked],
    queryFn: ({ signal }) => call(hostPreview, { body: JSON.parse(asked) as PreviewInput }, signal),
    enabled: asked !== '' && text !== '',
    retry: false,
    staleTime: 30_000,
  })
  return {
    preview: text === '' || answer.isError ? undefined : answer.data,
    checking: text !== '' && (asked !== text || answer.isFetching),
    error: text !== '' && asked === text && answer.error instanceof ApiError ? answer.error : null,
  }
}

function EdgeSays({ edge }: Pick<Preview, 'edge'>) {
  if (edge.accepted === null) {
    return <Status state="unknown">the edge was not asked{edge.reason ? `: ${edge.reason}` : ''}</Status>
  }
  return edge.accepted ? (
    <Status state="ok">the edge accepts it</Status>
  ) : (
    <Status state="bad">the edge refuses it</Status>
  )
}

/** What will change: sentences, the edge's word, the settings line by line, who is touched. */
export function PreviewBox({ state, title }: { state: PreviewState; title: string }) {
  const { preview, checking, error } = state
  if (error && error.fields.length === 0) {
    return (
      <Note tone="bad">
        <b>This cannot be checked.</b> {error.message}
      </Note>
    )
  }
  if (!preview) {
    return (
      <p className="t3 sm" role="status">
        {checking ? <Status state="busy">asking the edge</Status> : null}
        {error ? 'Mend the marked fields; then the change stands here.' : null}
      </p>
    )
  }
  const others = preview.touched.slice(1)
  return (
    <div className={`grid gap-3 ${checking ? 'stale' : ''}`} aria-busy={checking}>
      <div className="row wrap g3 sm">
        <EdgeSays edge={preview.edge} />
        {preview.needsLoad ? <span className="t3">the edge loads its whole configuration for it</span> : null}
      </div>
      {preview.edge.accepted === false && preview.edge.reason ? (
        <Note tone="bad" alert>
          <b>The edge would not take it.</b> {preview.edge.reason}
          {preview.edge.field ? (
            <>
              {' '}
              (<code>{preview.edge.field}</code>)
            </>
          ) : null}
        </Note>
      ) : null}
      {preview.blocked ? (
        <Note tone="bad" alert>
          <b>This cannot be done.</b> {preview.blocked}
        </Note>
      ) : null}
      <ul className="grid gap-1">
        {preview.words.map((words) => (
          <li key={words} className="row items-baseline">
            <Status state="suggestion">{null}</Status>
            <span>{words}</span>
          </li>
        ))}
        {preview.risks.map((risk) => (
          <li key={risk} className="row items-baseline">
            <Status state="warn">{null}</Status>
            <span>{risk}</span>
          </li>
        ))}
      </ul>
      {preview.objects
        .filter((object) => object.diff.length > 0)
        .map((object) => (
          <Diff
            key={`${object.kind} ${object.id}`}
            title={object.name === '' ? title : object.name}
            lines={inColumns(object.diff)}
          />
        ))}
      <p className="t3 sm">
        {others.length === 0 ? null : `Also touches ${list(others.map((h) => h.name))}. `}
        {preview.untouched === 0
          ? 'No other host.'
          : `${things(preview.untouched, 'other host')}: byte for byte the same.`}
      </p>
    </div>
  )
}
