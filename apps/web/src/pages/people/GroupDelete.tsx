import { groupDelete, type PersonGroup } from '@argos/contract'
import { useRef } from 'react'
import { call } from '../../api/call.ts'
import { Link } from '../../components/Link.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { toast } from '../../ui/Toast.tsx'
import { settlePeople } from './settle.ts'

/** Deletes a group after a word; of one that policies name, says which keep it. */
export function GroupDelete({ group, onClose }: { group: PersonGroup; onClose: () => void }) {
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const kept = group.policies.length > 0
  const run = () =>
    void submit.run(async () => {
      const { atOnce } = await call(groupDelete, { params: { id: group.id } })
      settlePeople(atOnce)
      toast(`Deleted ${group.name}`)
      onClose()
    })
  return (
    <Dialog
      open
      onClose={onClose}
      title={kept ? `${group.name} is in use` : `Delete the group ${group.name}?`}
      lead={
        kept
          ? `${things(group.policies.length, 'policy', 'policies')} would name nobody.`
          : `${things(group.members.length, 'member')} ${group.members.length === 1 ? 'leaves' : 'leave'} it; the accounts stay.`
      }
      onSubmit={kept ? undefined : run}
      footer={
        kept ? (
          <Button className="end" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button className="end" onClick={onClose}>
              Keep it
            </Button>
            <Button kind="danger-fill" type="submit" busy={submit.busy}>
              Delete
            </Button>
          </>
        )
      }
    >
      <div ref={body} className="grid gap-3">
        <Refusal problem={submit.problem} shows={() => false} />
        {kept ? (
          <>
            <p>Take it out of {group.policies.length === 1 ? 'this policy' : 'these policies'} first:</p>
            <ul className="grid gap-1">
              {group.policies.map((policy) => (
                <li key={policy.id}>
                  <Link className="link" to={paths.policies({ open: policy.id })}>
                    {policy.name}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </Dialog>
  )
}
