import { type Host, hostList, hostView, type Pool } from '@argos/contract'
import { lazy, Suspense, useState } from 'react'
import { refresh } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { list } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { checkWords } from '../pools/health.ts'
import { Targets } from './Targets.tsx'

const loadDrawer = () => import('../pools/PoolDrawer.tsx').then((m) => ({ default: m.PoolDrawer }))
const PoolDrawer = lazy(loadDrawer)

/** The pool of a host: its targets as they are now, and the way to change them. */
export function PoolCard({ pool, host }: { pool: Pool; host: Host }) {
  const [open, setOpen] = useState(false)
  const others = pool.hosts.filter((h) => h.id !== host.id)
  return (
    <Card
      title={
        <Link className="link" to={paths.pool(pool.id)}>
          {pool.name}
        </Link>
      }
      aside={
        <Button size="sm" onPointerEnter={() => void loadDrawer()} onClick={() => setOpen(true)}>
          Change targets…
        </Button>
      }
    >
      <Targets
        targets={pool.targets.map((t) => ({
          ...t,
          dial: `${t.address.includes(':') ? `[${t.address}]` : t.address}:${t.port}`,
        }))}
      />
      <dl className="kv">
        <dt>Speaks</dt>
        <dd>
          {pool.protocol === 'http'
            ? 'HTTP'
            : `HTTPS, ${pool.verifyTls ? 'only with a trusted certificate' : 'any certificate'}`}
        </dd>
        <dt>Host header</dt>
        <dd>{pool.preserveHost ? 'the name the visitor asked for' : 'its own address'}</dd>
        <dt>Check</dt>
        <dd>{checkWords(pool.health)}</dd>
        <dt>Used by</dt>
        <dd>{others.length === 0 ? 'this host only' : `this host and ${list(others.map((h) => h.name))}`}</dd>
      </dl>
      <Suspense>
        {open ? (
          <PoolDrawer
            pool={pool}
            onClose={() => setOpen(false)}
            onSaved={() => {
              setOpen(false)
              void refresh(hostView, hostList)
            }}
          />
        ) : null}
      </Suspense>
    </Card>
  )
}
