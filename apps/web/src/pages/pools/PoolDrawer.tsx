import { type Pool, poolCreate, poolList, poolUpdate, poolView } from '@argos/contract'
import { useRef, useState } from 'react'
import { type ApiError, call } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useReview, useReviewing } from '../../components/review.ts'
import { askPreview, mustBeRead } from '../../components/risk.ts'
import { announceSaved, undoOf } from '../../components/saved.ts'
import { useEdits } from '../../hooks/edits.ts'
import { useLeave } from '../../hooks/leave.ts'
import { refusedHere, useSubmit } from '../../hooks/submit.ts'
import { list, things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Diff } from '../../ui/Feedback.tsx'
import { draftDiff, draftOf, draftProblems, inputOf, newDraft } from './draft.ts'
import { PoolFields } from './PoolFields.tsx'
import './pools.css'

interface Props {
  /** The pool to change; null makes a new one. */
  pool: Pool | null
  onClose: () => void
  onSaved: (pool: Pool) => void
}

/** Makes or changes a pool. Closing with edits asks once, in the foot. */
export function PoolDrawer({ pool, onClose, onSaved }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const {
    value: draft,
    version,
    dirty,
    edit,
    rebase,
  } = useEdits(pool === null ? newDraft : draftOf(pool), pool?.version ?? 0)
  const submit = useSubmit(form)
  const review = useReview()
  // The preview stands in its place; the edits wait behind it.
  const reviewing = useReviewing() !== ''
  const leave = useLeave(dirty && !submit.busy)
  const [closing, setClosing] = useState(false)
  const asking = closing || leave.asking
  const stay = () => {
    setClosing(false)
    leave.stay()
  }

  const save = async () => {
    const wrong = draftProblems(draft)
    if (wrong.length > 0) throw refusedHere(wrong)
    const body = inputOf(draft)
    let harmless = false
    if (pool !== null) {
      const intent = { kind: 'poolUpdate' as const, id: pool.id, pool: body }
      const preview = await askPreview(intent)
      harmless = preview.risk === 'harmless'
      if (mustBeRead(preview)) {
        const refused = (problem: ApiError) => void submit.run(() => Promise.reject(problem))
        review({ intent, version }, { applied: () => onSaved(pool), refused })
        return
      }
    }
    const answer =
      pool === null
        ? await call(poolCreate, { body })
        : await call(poolUpdate, { params: { id: pool.id }, body: { ...body, version } })
    queryClient.setQueryData(query(poolView, { params: { id: answer.pool.id } }).queryKey, answer.pool)
    void refresh(poolList, poolView)
    void announceSaved(answer.saved, 'Saved', harmless ? undoOf(answer.saved) : undefined)
    onSaved(answer.pool)
  }
  const takeTheirs = async () => {
    if (pool === null) return
    const theirs = await queryClient.fetchQuery({
      ...query(poolView, { params: { id: pool.id } }),
      staleTime: 0,
    })
    rebase(theirs.version)
    void submit.run(async () => undefined)
  }

  return (
    <Drawer
      open={!reviewing}
      dirty={dirty}
      initialFocus={first}
      onClose={() => (dirty ? setClosing(true) : onClose())}
      title={pool === null ? 'Add a pool' : `Change ${pool.name}`}
      lead="One or more addresses that answer for a host. Several share its requests."
      onSubmit={() => void submit.run(save)}
      footer={
        asking ? (
          <>
            <span className="grow">{pool === null ? 'Discard this pool?' : 'Discard what you changed?'}</span>
            <Button onClick={stay}>Go on editing</Button>
            <Button kind="danger" onClick={leave.asking ? leave.leave : onClose}>
              Discard
            </Button>
          </>
        ) : (
          <>
            <Button className="end" onClick={() => (dirty ? setClosing(true) : onClose())}>
              Cancel
            </Button>
            <Button
              kind="primary"
              type="submit"
              busy={submit.busy}
              disabledReason={pool !== null && !dirty && 'Nothing is changed yet.'}
            >
              {pool === null ? 'Add pool' : pool.hosts.length > 1 ? 'Review and save' : 'Save'}
            </Button>
          </>
        )
      }
    >
      <div ref={form} className="grid gap-5">
        <Refusal
          problem={submit.problem}
          shows={(path) => /^(name|targets|health)/.test(path)}
          actions={
            submit.problem?.code === 'stale' ? (
              <Button size="sm" onClick={() => void takeTheirs()}>
                Save mine on top
              </Button>
            ) : undefined
          }
        />
        <PoolFields draft={draft} edit={edit} submit={submit} first={first} />
        {dirty ? <WillChange pool={pool} diff={draftDiff(pool, draft)} /> : null}
      </div>
    </Drawer>
  )
}

function WillChange({ pool, diff }: { pool: Pool | null; diff: ReturnType<typeof draftDiff> }) {
  const hosts = pool?.hosts ?? []
  return (
    <section className="grid gap-2" aria-label="What will change">
      <h3 className="lbl">What will change</h3>
      <Diff lines={diff} />
      <p className="hint">
        {hosts.length === 0
          ? 'No host uses it, so no visitor feels it.'
          : `${things(hosts.length, 'host')} ${hosts.length === 1 ? 'uses' : 'use'} it: ${list(hosts.map((host) => host.name))}.`}
      </p>
    </section>
  )
}
