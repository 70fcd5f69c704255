import { type Pool, poolDelete, poolList } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { announceSaved } from '../../components/saved.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { paths } from '../../lib/paths.ts'
import { list, things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'

/** Why a pool cannot go, or nothing. */
export const keptBy = ({ hosts }: Pool): string | undefined =>
  hosts.length === 0
    ? undefined
    : `${list(hosts.slice(0, 3).map((host) => host.name))}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ''} ${hosts.length === 1 ? 'uses' : 'use'} it.`

interface Props {
  pool: Pool
  onClose: () => void
  onDeleted: () => void
}

/** Names the pool and asks for its name; with hosts on it, says who keeps it instead. */
export function PoolDelete({ pool, onClose, onDeleted }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const submit = useSubmit(form)
  const matches = typed.trim().toLowerCase() === pool.name.toLowerCase()
  const remove = async () => {
    const { saved } = await call(poolDelete, { params: { id: pool.id } })
    void refresh(poolList)
    void announceSaved(saved, `Deleted ${pool.name}`)
    onDeleted()
  }
  if (pool.hosts.length > 0) {
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
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={field}
      title={`Delete ${pool.name}?`}
      onSubmit={() => {
        if (matches) void submit.run(remove)
      }}
      footer={
        <>
          <span className="t3 sm grow">It cannot be brought back.</span>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            kind="danger-fill"
            type="submit"
            busy={submit.busy}
            disabledReason={!matches && `Type ${pool.name} first.`}
          >
            Delete
          </Button>
        </>
      }
    >
      <div ref={form} className="grid gap-4">
        <Refusal problem={submit.problem} />
        <p>
          No host uses it, so no visitor feels it. Its {things(pool.targets.length, 'target')} and the health
          check go.
        </p>
        <Field
          label={
            <span>
              Type <code>{pool.name}</code> to delete it
            </span>
          }
        >
          <Input ref={field} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  )
}
