import { type AppPassword, appPasswordList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Smartphone } from 'lucide-react'
import { query } from '../../api/query.ts'
import { ButtonLink, Link } from '../../components/Link.tsx'
import { Ago } from '../../components/Time.tsx'
import { paths } from '../../lib/paths.ts'
import { Card } from '../../ui/Page.tsx'
import { titleOf } from './apps.ts'

/** Phones and televisions, which cannot open a sign-in page: each with a password of its own. */
export function DevicesCard() {
  const list = useQuery(query(appPasswordList))
  const mine = list.data?.appPasswords ?? []
  // Nobody is offered what no app of theirs could use.
  if (!list.data || (mine.length === 0 && list.data.hosts.length === 0)) return null
  return (
    <Card title="Phones and TVs" flush>
      <ul className="devs">
        {mine.slice(0, 5).map((password) => (
          <li key={password.id}>
            <Smartphone />
            <div className="grow">
              <b className="cut">{password.name}</b>
              <LastUse password={password} />
            </div>
            <ButtonLink
              size="xs"
              kind="ghost"
              to={paths.account('devices')}
              aria-label={`Manage ${password.name}`}
            >
              Manage
            </ButtonLink>
          </li>
        ))}
      </ul>
      <div className="pair">
        <div>
          <b>
            <Link className="link" to={paths.account('devices')}>
              {mine.length === 0 ? 'Connect a device' : 'Connect another'}
            </Link>
          </b>
          <p className="t2 sm">It gets a password of its own, for one app, and you can take it back.</p>
        </div>
      </div>
    </Card>
  )
}

const LastUse = ({ password: { host, lastUsedAt } }: { password: AppPassword }) => (
  <span className="t2 sm">
    {titleOf(host.name)} ·{' '}
    <span className="t3">{lastUsedAt === null ? 'not used yet' : <Ago at={lastUsedAt} />}</span>
  </span>
)
