import type { Pool } from '@argos/contract'
import type { ReactNode } from 'react'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Table } from '../../ui/Table.tsx'
import { dialOf, poolLight } from './health.ts'

interface Props {
  pools: readonly Pool[]
  menu: (pool: Pool) => ReactNode
  stale: boolean
}

const protocolWords = ({ protocol, verifyTls }: Pool): string =>
  protocol === 'http' ? 'HTTP' : verifyTls ? 'HTTPS' : 'HTTPS, any certificate'

function UsedBy({ hosts }: Pick<Pool, 'hosts'>) {
  const [first, ...others] = hosts
  if (!first) return <span className="t3">no host</span>
  return (
    <span className="row g2">
      <Link className="cut hover:underline" to={paths.host(first.id)}>
        {first.name}
      </Link>
      {others.length === 0 ? null : (
        <span title={others.map((host) => host.name).join(', ')}>
          <Chip>+{others.length}</Chip>
        </span>
      )}
    </span>
  )
}

function Targets({ targets }: Pick<Pool, 'targets'>) {
  const [first, ...others] = targets
  return (
    <span className="row g2">
      <code className="cut">{first ? dialOf(first) : ''}</code>
      {others.length === 0 ? null : (
        <span title={others.map(dialOf).join(', ')}>
          <Chip>+{others.length}</Chip>
        </span>
      )}
    </span>
  )
}

/** The pools as a table, on phones as two-line rows. */
export const PoolRows = ({ pools, menu, stale }: Props) => (
  <Card flush>
    <div className="phone-hide">
      <Table label="Pools" stale={stale}>
        <thead>
          <tr>
            <th>Pool</th>
            <th>Answers</th>
            <th>Targets</th>
            <th>Protocol</th>
            <th>Used by</th>
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => {
            const light = poolLight(pool)
            return (
              <tr key={pool.id}>
                <td>
                  <Link to={paths.pool(pool.id)} className="row g3 b">
                    <StateGlyph state={light.state} />
                    <span className="cut">{pool.name}</span>
                  </Link>
                </td>
                <td className={light.state === 'bad' ? 'bad' : light.state === 'warn' ? 'warn' : 't2'}>
                  {light.words}
                </td>
                <td>
                  <Targets targets={pool.targets} />
                </td>
                <td className="t2 nowrap">{protocolWords(pool)}</td>
                <td>
                  <UsedBy hosts={pool.hosts} />
                </td>
                <td className="num">{menu(pool)}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {pools.map((pool) => {
        const light = poolLight(pool)
        return (
          <li key={pool.id}>
            <StateGlyph state={light.state} />
            <Link to={paths.pool(pool.id)} className="grow">
              <b className="cut block">{pool.name}</b>
              <span className="t2 sm cut block">
                {light.words} ·{' '}
                {pool.hosts.length === 0 ? 'no host' : pool.hosts.map((host) => host.name).join(', ')}
              </span>
            </Link>
            {menu(pool)}
          </li>
        )
      })}
    </ul>
  </Card>
)
