import type { Settings } from '@argos/contract'
import { DomainInput } from '../../components/DomainInput.tsx'
import { PanelTlsCards } from '../../components/PanelTlsCards.tsx'
import { list } from '../../lib/words.ts'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input, Textarea } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { type SettingsForm, settingsOf, wideRanges } from './form.ts'

interface Props {
  value: SettingsForm
  saved: Settings
  edit: (field: keyof Settings) => (patch: Partial<SettingsForm>) => void
  error: (field: keyof Settings) => string | undefined
}

export const PanelCard = ({ value, saved, edit, error }: Props) => (
  <Card title="Panel address" id="panel">
    <div className="grid gap-4">
      <DomainInput
        label="Panel domain"
        value={value.panelDomain}
        own={saved.panelDomain}
        onChange={(panelDomain) => edit('panelDomain')({ panelDomain })}
        error={error('panelDomain')}
        hint="Passkeys, notifications in the browser and hosts behind a sign-in need one. Empty: only the machine’s own address."
      />
      {value.panelDomain.trim() === '' ? null : (
        <>
          <PanelTlsCards value={value.panelTls} onChange={(panelTls) => edit('panelTls')({ panelTls })} />
          <Note tone={value.panelDomain.trim() === saved.panelDomain ? 'plain' : 'warn'}>
            <b>Browsers insist on HTTPS for this name for one year.</b> The panel says so with every answer
            (HSTS), and it cannot be taken back from here. Choose a name that stays.
          </Note>
        </>
      )}
    </div>
  </Card>
)

export const AuthorityCard = ({ value, edit, error }: Props) => (
  <Card
    title="Certificate authority"
    id="certificates"
    aside={<span className="t3 sm">for public certificates</span>}
  >
    <div className="grid gap-4">
      <Field
        label="ACME directory"
        error={error('acmeDirectory')}
        hint="Where certificates come from. Empty: Let’s Encrypt."
      >
        <Input
          mono
          inputMode="url"
          placeholder="https://acme-v02.api.letsencrypt.org/directory"
          value={value.acmeDirectory}
          onChange={(event) => edit('acmeDirectory')({ acmeDirectory: event.target.value })}
        />
      </Field>
      <Field
        label="E-mail"
        error={error('acmeEmail')}
        hint="The authority may write there when something is wrong with a certificate. Visitors never see it."
      >
        <Input
          type="email"
          inputMode="email"
          autoComplete="email"
          placeholder="noor@home.example"
          value={value.acmeEmail}
          onChange={(event) => edit('acmeEmail')({ acmeEmail: event.target.value })}
        />
      </Field>
      <Field
        label="Root of the authority"
        error={error('acmeRootPem')}
        hint="Only for an authority of your own, whose directory this machine does not trust by itself. In PEM form."
      >
        <Textarea
          mono
          rows={value.acmeRootPem === '' ? 3 : 8}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={value.acmeRootPem}
          onChange={(event) => edit('acmeRootPem')({ acmeRootPem: event.target.value })}
        />
      </Field>
    </div>
  </Card>
)

export function ProxiesCard({ value, edit, error }: Props) {
  const wide = wideRanges(settingsOf(value).trustedProxies)
  const everyone = wide.some((range) => range.everyone)
  return (
    <Card title="Proxies in front" id="proxies">
      <div className="grid gap-4">
        <p className="t2">
          Only when something stands between the internet and this edge, such as a tunnel or a load balancer.
          Its requests all come from one address; listed here, the edge reads the visitor’s from{' '}
          <code>X-Forwarded-For</code> instead.
        </p>
        <Field
          label="Addresses and ranges"
          error={error('trustedProxies')}
          hint="One a line. Empty: the visitor is whoever the connection comes from."
        >
          <Textarea
            mono
            rows={3}
            placeholder={'192.0.2.10\n10.8.0.0/24'}
            value={value.proxies}
            onChange={(event) => edit('trustedProxies')({ proxies: event.target.value })}
          />
        </Field>
        <Note tone={everyone ? 'bad' : wide.length > 0 ? 'warn' : 'plain'}>
          <b>
            {wide.length > 0
              ? `${list(wide.map((range) => range.range))}: ${list(wide.map((range) => range.words))} can claim to be anyone.`
              : 'Whoever sits at a listed address can claim to be anyone.'}
          </b>{' '}
          The edge believes what it writes about the visitor: limits, bans and rules by address then hit whom
          it names. List only machines you run yourself.
        </Note>
      </div>
    </Card>
  )
}
