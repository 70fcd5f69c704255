import type { Policy } from '@argos/contract'
import { KeyRound, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Card } from '../../ui/Page.tsx'
import { Table } from '../../ui/Table.tsx'

interface Props {
  policies: readonly Policy[]
  onOpen: (policy: Policy) => void
  menu: (policy: Policy) => ReactNode
  stale: boolean
}

/** Whether somebody gets in without an account. */
const asksNobody = ({ rules }: Policy): boolean => rules.any.some((clause) => clause.who === 'everyone')
const Lock = ({ policy }: { policy: Policy }) =>
  asksNobody(policy) ? <LockOpen aria-hidden="true" /> : <KeyRound aria-hidden="true" />

function UsedBy({ hosts }: Pick<Policy, 'hosts'>) {
  const [first, ...others] = hosts
  if (!first) return <span className="t3">no host</span>
  return (
    <span className="row g2">
      <Link className="cut hover:underline" to={paths.hostTab(first.id, 'access')}>
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

/** The policies, each as a sentence; on phones as rows of two lines. */
export const PolicyRows = ({ policies, onOpen, menu, stale }: Props) => (
  <Card flush>
    <div className="phone-hide">
      <Table label="Policies" stale={stale}>
        <thead>
          <tr>
            <th className="w-1/5">Policy</th>
            <th>Who gets in</th>
            <th className="w-1/4">Used by</th>
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {policies.map((policy) => (
            <tr key={policy.id} data-policy={policy.id}>
              <td>
                <button type="button" className="policyname" onClick={() => onOpen(policy)}>
                  <Lock policy={policy} />
                  <b className="cut">{policy.name}</b>
                </button>
              </td>
              <td className="sentence">{policy.sentence}</td>
              <td>
                <UsedBy hosts={policy.hosts} />
              </td>
              <td className="num">{menu(policy)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {policies.map((policy) => (
        <li key={policy.id}>
          <button type="button" className="policyname two" onClick={() => onOpen(policy)}>
            <Lock policy={policy} />
            <span className="grow">
              <b className="cut block">{policy.name}</b>
              <span className="t2 sm block">{policy.sentence}</span>
              <span className="t3 sm block">
                {policy.hosts.length === 0 ? 'no host uses it' : things(policy.hosts.length, 'host')}
              </span>
            </span>
          </button>
          {menu(policy)}
        </li>
      ))}
    </ul>
  </Card>
)
