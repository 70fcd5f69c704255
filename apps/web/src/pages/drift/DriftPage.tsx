import { type DriftObject, driftView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { query } from '../../api/query.ts'
import { ButtonLink } from '../../components/Link.tsx'
import { useCrumb } from '../../hooks/crumb.ts'
import { useNow } from '../../hooks/now.ts'
import { useTitle } from '../../hooks/page.ts'
import { paths } from '../../lib/paths.ts'
import { moment, since } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty, ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { DecideDialog } from './DecideDialog.tsx'
import { DriftObjectCard } from './DriftObjectCard.tsx'
import { driftSentence, inOrder, noAdoptAll, type Verb } from './words.ts'

/** A panel with an empty database may find thousands; nobody reads so many differences. */
const shown = 50

interface Asked {
  readonly verb: Verb
  readonly objects: readonly DriftObject[]
}

/** What somebody changed at the edge past the panel, each with both forms, and the operator's word about it. */
export function DriftPage() {
  useTitle('Changed by hand')
  useCrumb('Changed by hand')
  const now = useNow()
  const view = useQuery({ ...query(driftView), refetchInterval: 5_000 })
  const [asked, setAsked] = useState<Asked | null>(null)
  const objects = inOrder(view.data?.objects ?? [])
  const from = view.data?.since ?? null
  const all = noAdoptAll(objects)
  if (!view.data) {
    return (
      <>
        <PageHead title="Changed by hand" />
        {view.isError ? (
          <ErrorState
            title="It could not be looked at"
            error={view.error}
            onRetry={() => void view.refetch()}
          />
        ) : (
          <Card>
            <Skeleton rows={6} />
          </Card>
        )}
      </>
    )
  }
  return (
    <>
      <PageHead
        title={driftSentence(objects)}
        lead={
          objects.length === 0 ? undefined : (
            <>
              It stays as it is until you decide. Everything else goes live as usual.
              {from === null ? null : (
                <span title={moment(from)} className="t3">
                  {' '}
                  Seen {since(from, now)}.
                </span>
              )}
            </>
          )
        }
        actions={
          objects.length < 2 ? undefined : (
            <>
              <Button onClick={() => setAsked({ verb: 'reapply', objects })}>Put all back…</Button>
              <Button disabledReason={all ?? undefined} onClick={() => setAsked({ verb: 'adopt', objects })}>
                Adopt all…
              </Button>
            </>
          )
        }
      />
      {view.isError ? (
        <div className="mb-3">
          <Note tone="warn">
            <b>This is {since(view.dataUpdatedAt, now)}.</b> {view.error.message}
          </Note>
        </div>
      ) : null}
      {objects.length === 0 ? (
        <Empty
          icon={<Check />}
          title="Nobody else changed anything"
          action={<ButtonLink to={paths.changes()}>All changes</ButtonLink>}
        >
          When somebody changes the edge past the panel, it is shown here with the difference, to be put back
          or adopted.
        </Empty>
      ) : (
        <div className="grid gap-4">
          {objects.slice(0, shown).map((object) => (
            <DriftObjectCard
              key={`${object.kind} ${object.id}`}
              object={object}
              onAsk={(verb) => setAsked({ verb, objects: [object] })}
            />
          ))}
          {objects.length > shown ? (
            <p className="t2">
              and {objects.length - shown} more, shown once these are decided; <code>argos drift show</code>{' '}
              lists all of them.
            </p>
          ) : null}
        </div>
      )}
      {asked === null ? null : <DecideDialog {...asked} onClose={() => setAsked(null)} />}
    </>
  )
}
