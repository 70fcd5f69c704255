import type { Pool } from '@argos/contract'
import { useState } from 'react'
import { Link } from '../../components/Link.tsx'
import { useReview } from '../../components/review.ts'
import { paths } from '../../lib/paths.ts'
import { list, things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'

/** Why a pool cannot go, or nothing. */
export const keptBy = ({ hosts }: Pool): string | undefined =>
  hosts.length === 0
    ? undefined
    : `${list(hosts.slice(0, 3).map((host) => host.name))}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ''} ${hosts.length === 1 ? 'uses' : 'use'} it.`

/** Asks for the preview of a deletion; of a pool with hosts on it, says who keeps it instead. */
export function usePoolDelete(onDeleted?: () => void) {
  const review = useReview()
  const [kept, setKept] = useState<Pool | null>(null)
  return {
    ask: (pool: Pool) => {
      if (pool.hosts.length > 0) setKept(pool)
      else review({ intent: { kind: 'poolDelete', id: pool.id } }, { applied: onDeleted })
    },
    dialog: kept === null ? null : <Kept pool={kept} onClose={() => setKept(null)} />,
  }
}

function Kept({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${pool.name} is in use`}
      lead={`${things(pool.hosts.length, 'host')} would have nothing behind ${pool.hosts.length === 1 ? 'it' : 'them'}.`}
      footer={
        <Button className="end" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>
        Give {pool.hosts.length === 1 ? 'this host' : 'these hosts'} another pool first, or delete{' '}
        {pool.hosts.length === 1 ? 'it' : 'them'}:
      </p>
      <ul className="mt-2 grid gap-1">
        {pool.hosts.map((host) => (
          <li key={host.id}>
            <Link className="link" to={paths.hostTab(host.id, 'routing')}>
              {host.name}
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
