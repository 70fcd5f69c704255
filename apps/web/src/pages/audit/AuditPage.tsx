import { auditList } from '@argos/contract'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { ScrollText, Search } from 'lucide-react'
import { call } from '../../api/call.ts'
import { meQuery } from '../../api/query.ts'
import { useDebounced } from '../../hooks/debounced.ts'
import { useNow } from '../../hooks/now.ts'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { byDay } from '../../lib/days.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Input } from '../../ui/Field.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { AuditRow } from './AuditRow.tsx'
import { ChainCheck } from './ChainCheck.tsx'
import { EntryDrawer } from './EntryDrawer.tsx'
import '../../components/feed.css'

/** Entries, newest first, older ones on demand. */
const useEntries = (q: string, subject: string) =>
  useInfiniteQuery({
    queryKey: [auditList.id, { q, subject }],
    queryFn: ({ pageParam, signal }) =>
      call(
        auditList,
        {
          query: {
            ...(pageParam === null ? {} : { before: pageParam }),
            ...(q === '' ? {} : { q }),
            ...(subject === '' ? {} : { subject }),
          },
        },
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.more ? (page.entries.at(-1)?.id ?? null) : null),
  })

export function AuditPage() {
  useTitle('Audit')
  const me = useSuspenseQuery(meQuery).data.user.username
  const now = useNow()
  const [q, setQ] = useUrlState('q')
  const [subject, setSubject] = useUrlState('subject')
  const [open, setOpen] = useUrlState('open')
  const view = useEntries(useDebounced(q.trim(), 250), subject)
  const entries = view.data?.pages.flatMap((page) => page.entries) ?? []
  const all = () => {
    setQ('')
    setSubject('')
  }
  return (
    <>
      <PageHead
        title="Audit"
        lead="Who did what, and from where. Entries are never changed."
        actions={<ChainCheck />}
      />
      <div className="row wrap g2 mb-3">
        <div className="w-80 max-w-full">
          <Input
            size="md"
            data-search
            type="search"
            aria-label="Search the audit"
            placeholder="Search people, things, addresses"
            before={<Search />}
            maxLength={200}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </div>
        {subject === '' ? null : (
          <Chip tone="acc" onRemove={() => setSubject('')} removeLabel="Show everything">
            only {entries[0]?.subject.name ?? 'one thing'}
          </Chip>
        )}
      </div>
      {view.isError && !view.data ? (
        <ErrorState
          title="The audit could not be loaded"
          error={view.error}
          onRetry={() => void view.refetch()}
        />
      ) : !view.data ? (
        <Card>
          <Skeleton rows={8} />
        </Card>
      ) : entries.length === 0 ? (
        <Empty
          icon={<ScrollText />}
          title={q === '' && subject === '' ? 'Nothing was done yet' : 'Nothing matches'}
          action={q === '' && subject === '' ? undefined : <Button onClick={all}>Show everything</Button>}
        >
          Sentences, names, people and addresses are searched.
        </Empty>
      ) : (
        <>
          <Card flush className={view.isPlaceholderData ? 'stale' : ''}>
            {byDay(entries, now).map((day) => (
              <section key={day.name} aria-label={day.name}>
                <h2 className="day">{day.name}</h2>
                <ol className="feed audit">
                  {day.items.map((entry) => (
                    <AuditRow key={entry.id} entry={entry} me={me} onOpen={() => setOpen(String(entry.id))} />
                  ))}
                </ol>
              </section>
            ))}
          </Card>
          {view.hasNextPage ? (
            <div className="mt-3 text-center">
              <Button busy={view.isFetchingNextPage} onClick={() => void view.fetchNextPage()}>
                Show older entries
              </Button>
            </div>
          ) : null}
        </>
      )}
      {open === '' ? null : (
        <EntryDrawer
          id={Number(open)}
          known={entries.find((entry) => String(entry.id) === open)}
          me={me}
          onClose={() => setOpen('')}
          onOnly={(id) => {
            setOpen('')
            setSubject(id)
          }}
        />
      )}
    </>
  )
}
