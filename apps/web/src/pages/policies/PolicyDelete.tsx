import type { Policy } from '@argos/contract'
import { useState } from 'react'
import { Link } from '../../components/Link.tsx'
import { useReview } from '../../components/review.ts'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'

/** Asks for the preview of a deletion; of a policy that hosts use, says which keep it instead. */
export function usePolicyDelete() {
  const review = useReview()
  const [kept, setKept] = useState<Policy | null>(null)
  return {
    ask: (policy: Policy) => {
      if (policy.hosts.length > 0) setKept(policy)
      else review({ intent: { kind: 'policyDelete', id: policy.id } })
    },
    dialog: kept === null ? null : <Kept policy={kept} onClose={() => setKept(null)} />,
  }
}

function Kept({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const one = policy.hosts.length === 1
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${policy.name} is in use`}
      lead={`${things(policy.hosts.length, 'host')} would have nobody who gets in.`}
      footer={
        <Button className="end" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>Choose who gets into {one ? 'this host' : 'these hosts'} first:</p>
      <ul className="mt-2 grid gap-1">
        {policy.hosts.map((host) => (
          <li key={host.id}>
            <Link className="link" to={paths.hostTab(host.id, 'access')}>
              {host.name}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
