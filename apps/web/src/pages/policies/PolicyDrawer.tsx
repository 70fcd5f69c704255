import { type Policy, policyCreate, policyList, policyUpdate, policyView } from '@argos/contract'
import { useRef, useState } from 'react'
import { type ApiError, call } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { useEverybody } from '../../components/people.ts'
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
import { Note } from '../../ui/Feedback.tsx'
import { draftOf, draftProblems, inputOf, newPolicy, type PolicyDraft, problemAt } from './draft.ts'
import { PolicyFields } from './PolicyFields.tsx'
import './policies.css'

interface Props {
  /** The policy to change; null makes a new one. */
  policy: Policy | null
  /** Why networks tell nobody apart now. */
  noNetworks: string | null
  onClose: () => void
  onSaved: () => void
}

/** Makes or changes a policy. What lets more people in, or shuts some out, is read in the preview first. */
export function PolicyDrawer({ policy, noNetworks, onClose, onSaved }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const edits = useEdits<PolicyDraft>(policy === null ? newPolicy : draftOf(policy), policy?.version ?? 0)
  const { value: draft, version, dirty } = edits
  const submit = useSubmit(form)
  const review = useReview()
  // The preview stands in its place; the edits wait behind it.
  const reviewing = useReviewing() !== ''
  const leave = useLeave(dirty && !submit.busy)
  const [closing, setClosing] = useState(false)
  const [mended, setMended] = useState<readonly string[]>([])
  const everybody = useEverybody()
  const names = {
    people: { ...policy?.names.people, ...everybody.names.people },
    groups: { ...policy?.names.groups, ...everybody.names.groups },
  }
  const close = () => (dirty ? setClosing(true) : onClose())
  const stay = () => {
    setClosing(false)
    leave.stay()
  }
  const run = (work: () => Promise<void>) => {
    setMended([])
    return submit.run(work)
  }

  const save = async () => {
    const wrong = draftProblems(draft)
    if (wrong.length > 0) throw refusedHere(wrong)
    const body = inputOf(draft)
    if (policy === null) {
      const { saved } = await call(policyCreate, { body })
      void refresh(policyList)
      void announceSaved(saved, `Added ${body.name}`)
      return onSaved()
    }
    const intent = { kind: 'policyUpdate' as const, id: policy.id, policy: body }
    const preview = await askPreview(intent)
    if (mustBeRead(preview)) {
      const refused = (problem: ApiError) => void run(() => Promise.reject(problem))
      return review({ intent, version }, { applied: onSaved, refused })
    }
    const answer = await call(policyUpdate, { params: { id: policy.id }, body: { ...body, version } })
    void refresh(policyList, policyView)
    void announceSaved(answer.saved, 'Saved', undoOf(answer.saved))
    onSaved()
  }
  const onTop = async () => {
    if (policy === null) return
    const now = await queryClient.fetchQuery({
      ...query(policyView, { params: { id: policy.id } }),
      staleTime: 0,
    })
    edits.rebase(now.version)
    void run(async () => undefined)
  }
  const shown = (path: string) => !mended.some((field) => path === field || path.startsWith(`${field}.`))
  const error = (path: string) => (shown(path) ? problemAt(submit.problem?.fields ?? [], path) : undefined)
  const hosts = policy?.hosts ?? []

  return (
    <Drawer
      open={!reviewing}
      wide
      dirty={dirty}
      initialFocus={first}
      onClose={close}
      title={policy === null ? 'Add a policy' : `Change ${policy.name}`}
      lead="Who gets in, under a name. Hosts use it, and change with it."
      onSubmit={() => void run(save)}
      footer={
        closing || leave.asking ? (
          <>
            <span className="grow">
              {policy === null ? 'Discard this policy?' : 'Discard what you changed?'}
            </span>
            <Button onClick={stay}>Go on editing</Button>
            <Button kind="danger" onClick={leave.asking ? leave.leave : onClose}>
              Discard
            </Button>
          </>
        ) : (
          <>
            <span className="t3 sm grow cut phone-hide">
              {policy === null
                ? ''
                : hosts.length === 0
                  ? 'No host uses it.'
                  : `${things(hosts.length, 'host')} ${hosts.length === 1 ? 'uses' : 'use'} it: ${list(hosts.map((host) => host.name))}.`}
            </span>
            <Button className="end" onClick={close}>
              Cancel
            </Button>
            <Button
              kind="primary"
              type="submit"
              busy={submit.busy}
              disabledReason={policy !== null && !dirty && 'Nothing is changed yet.'}
            >
              {policy === null ? 'Add policy' : hosts.length > 0 ? 'Review and save' : 'Save'}
            </Button>
          </>
        )
      }
    >
      <div ref={form} className="grid gap-5">
        <Refusal
          problem={submit.problem}
          shows={(path) => /(^|\.)(name|rules\.any\.\d+)/.test(path)}
          actions={
            submit.problem?.code === 'stale' ? (
              <Button size="sm" onClick={() => void onTop()}>
                Save mine on top
              </Button>
            ) : undefined
          }
        />
        {everybody.error === null ? null : (
          <Note tone="warn">
            <b>People and groups could not be loaded.</b> {everybody.error.message}
          </Note>
        )}
        <PolicyFields
          draft={draft}
          edit={(patch, field) => {
            setMended((old) => [...old, field])
            edits.edit(patch)
          }}
          error={error}
          first={first}
          sections={everybody.sections}
          names={names}
          noNetworks={noNetworks}
        />
      </div>
    </Drawer>
  )
}
