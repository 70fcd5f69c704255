import { type AuditEntry, auditList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../../api/query.ts'
import { Copy } from '../../components/Copy.tsx'
import { Link } from '../../components/Link.tsx'
import { sentence, whoExactly } from '../../lib/actor.ts'
import { diffValues } from '../../lib/diff.ts'
import { paths } from '../../lib/paths.ts'
import { moment } from '../../lib/time.ts'
import { count } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Diff, Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Segmented } from '../../ui/Segmented.tsx'

interface Props {
  id: number
  /** The entry, when the list has it already. */
  known: AuditEntry | undefined
  me: string
  onClose: () => void
  /** Shows only what happened to this thing. */
  onOnly: (subjectId: string) => void
}

/** One entry: the sentence, where from, before and after, its place in the chain. */
export function EntryDrawer({ id, known, me, onClose, onOnly }: Props) {
  const asked = useQuery({
    ...query(auditList, { query: { before: id + 1, limit: 1 } }),
    enabled: known === undefined && Number.isSafeInteger(id),
    placeholderData: () => undefined,
  })
  const entry = known ?? asked.data?.entries.find((found) => found.id === id)
  const said = entry ? sentence(entry.actor, entry.words, me) : null
  return (
    <Drawer
      open
      onClose={onClose}
      title={said ? `${said.who} ${said.does}`.trim() : `Entry ${id}`}
      lead={entry ? moment(entry.at) : undefined}
    >
      {entry ? (
        <Detail entry={entry} onOnly={onOnly} />
      ) : asked.isError ? (
        <ErrorState
          title="The entry could not be loaded"
          error={asked.error}
          onRetry={() => void asked.refetch()}
        />
      ) : asked.isFetching ? (
        <Skeleton rows={5} />
      ) : (
        <Empty title={`There is no entry ${id}`}>Entries are numbered as they are written.</Empty>
      )}
    </Drawer>
  )
}

function Detail({ entry, onOnly }: { entry: AuditEntry; onOnly: (subjectId: string) => void }) {
  const { subject } = entry
  return (
    <div className="grid gap-4">
      <dl className="kv">
        <dt>Who</dt>
        <dd>{whoExactly(entry.actor)}</dd>
        <dt>From</dt>
        <dd>{entry.address === null ? 'the machine itself' : <code>{entry.address}</code>}</dd>
        <dt>What</dt>
        <dd className="row wrap g2">
          <Subject subject={subject} />
          {subject.id === null ? null : (
            <Button size="xs" onClick={() => onOnly(subject.id ?? '')}>
              Only this in the list
            </Button>
          )}
        </dd>
        <dt>Entry</dt>
        <dd>{count(entry.id)}</dd>
        <dt>Seal</dt>
        <dd className="row wrap g2">
          <code>{entry.hash.slice(0, 16)}…</code>
          <Copy text={entry.hash} />
        </dd>
      </dl>
      <BeforeAfter entry={entry} />
    </div>
  )
}

function Subject({ subject }: Pick<AuditEntry, 'subject'>) {
  const to =
    subject.id === null
      ? null
      : subject.kind === 'host'
        ? paths.host(subject.id)
        : subject.kind === 'pool'
          ? paths.pool(subject.id)
          : subject.kind === 'policy'
            ? paths.policies({ open: subject.id })
            : null
  if (to === null) return <span>{subject.name}</span>
  return (
    <Link className="link" to={to}>
      {subject.name}
    </Link>
  )
}

function BeforeAfter({ entry }: { entry: AuditEntry }) {
  const lines = diffValues(entry.before, entry.after)
  const changed = lines.filter((line) => line.op !== 'same')
  const [shown, setShown] = useState<'changed' | 'all'>('changed')
  if (lines.length === 0) return null
  const title =
    entry.before === null ? 'What was made' : entry.after === null ? 'What was there' : 'Before and after'
  return (
    <section className="grid gap-2" aria-label={title}>
      <div className="row">
        <h3 className="lbl grow">{title}</h3>
        {changed.length === lines.length ? null : (
          <Segmented
            label="Lines shown"
            value={shown}
            onChange={setShown}
            options={[
              { value: 'changed', label: 'Changed' },
              { value: 'all', label: 'All' },
            ]}
          />
        )}
      </div>
      <Diff title={entry.subject.name} lines={shown === 'all' || changed.length === 0 ? lines : changed} />
    </section>
  )
}
