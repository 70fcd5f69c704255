import type { OidcSettingsView } from '@argos/contract'
import { Copy } from '../../components/Copy.tsx'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { Note } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'

const named = [
  ['redirect', 'Redirect address', 'Also called callback.'],
  ['afterLogout', 'After sign-out', 'Where the provider sends people back.'],
  ['backchannelLogout', 'Back-channel sign-out', 'Where the provider says that somebody signed out there.'],
] as const

/** What the provider is to be told, to copy. */
export const Addresses = ({ addresses }: Pick<OidcSettingsView, 'addresses'>) => (
  <Card title="Tell the provider" id="addresses">
    {addresses === null ? (
      <Note tone="warn">
        <b>The panel has no name yet.</b> Providers send people back to a name over HTTPS.{' '}
        <Link className="link" to={paths.settings('panel')}>
          Give the panel a name
        </Link>
        .
      </Note>
    ) : (
      <dl className="tell">
        {named.map(([id, label, hint]) => (
          <div key={id}>
            <dt className="row">
              <span className="lbl">{label}</span>
              <span className="end">
                <Copy text={addresses[id]} />
              </span>
            </dt>
            <dd>
              <code>{addresses[id]}</code>
              <span className="hint block">{hint}</span>
            </dd>
          </div>
        ))}
      </dl>
    )}
  </Card>
)
