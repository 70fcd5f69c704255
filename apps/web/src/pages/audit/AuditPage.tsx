import { auditList } from '@argos/contract'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { ScrollText, Search } from 'lucide-react'
import { useMemo } from 'react'
import { call } from '../../api/call.ts'
import { meQuery } from '../../api/query.ts'
import { Feed } from '../../components/feed/Feed.tsx'
import { useDebounced } from '../../hooks/debounced.ts'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Feedback.tsx'
import { Input } from '../../ui/Field.tsx'
import { PageHead } from '../../ui/Page.tsx'
import { AuditRow } from './AuditRow.tsx'
import { ChainCheck } from './ChainCheck.tsx'
import { EntryDrawer } from './EntryDrawer.tsx'

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
  const [q, setQ] = useUrlState('q')
  const [subject, setSubject] = useUrlState('subject')
  const [open, setOpen] = useUrlState('open')
  const view = useEntries(useDebounced(q.trim(), 250), subject)
  const entries = useMemo(() => view.data?.pages.flatMap((page) => page.entries) ?? [], [view.data])
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
      <Feed
        view={view}
        items={entries}
        keyOf={(entry) => entry.id}
        row={(entry) => <AuditRow entry={entry} me={me} onOpen={() => setOpen(String(entry.id))} />}
        className="audit"
        failed="The audit could not be loaded"
        older="Show older entries"
        empty={
          <Empty
            icon={<ScrollText />}
            title={q === '' && subject === '' ? 'Nothing was done yet' : 'Nothing matches'}
            action={q === '' && subject === '' ? undefined : <Button onClick={all}>Show everything</Button>}
          >
            Sentences, names, people and addresses are searched.
          </Empty>
        }
      />
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
