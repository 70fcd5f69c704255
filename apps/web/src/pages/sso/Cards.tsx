import { type OidcSettings, oidcPresets } from '@argos/contract'
import { Checkbox, Switch } from '../../ui/Choice.tsx'
import { Field, Input, Textarea } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Password } from '../../ui/Password.tsx'
import { Select } from '../../ui/Select.tsx'
import { Words } from '../../ui/Words.tsx'
import { admitsWords, type SsoForm, withPreset } from './form.ts'

export interface CardProps {
  value: SsoForm
  edit: (patch: Partial<SsoForm>) => void
  /** What is wrong at a field of the body. */
  error: (field: string) => string | undefined
}

export function ProviderCard({ value, edit, error, hasSecret }: CardProps & { hasSecret: boolean }) {
  const preset = oidcPresets.find((one) => one.id === value.preset)
  const text = (field: 'name' | 'issuer' | 'clientId' | 'scopes') => ({
    value: value[field],
    onChange: (event: { target: { value: string } }) => edit({ [field]: event.target.value }),
  })
  return (
    <Card title="Provider" id="provider">
      <div className="grid gap-4">
        <Field label="Which one">
          <Select
            value={value.preset}
            onChange={(id) => edit(withPreset(value, id))}
            options={oidcPresets.map(({ id, name }) => ({
              value: id,
              label: id === 'generic' ? 'Another one' : name,
            }))}
          />
        </Field>
        {preset === undefined ? null : (
          <ul className="notes">
            {preset.notes.map((note) => (
              <li key={note}>
                <Words text={note} />
              </li>
            ))}
          </ul>
        )}
        <Field
          label="Issuer"
          error={error('settings.issuer')}
          hint="As the provider writes it, to the letter: a slash at the end counts."
        >
          <Input mono inputMode="url" placeholder="https://id.home.example" {...text('issuer')} />
        </Field>
        <Field label="Client id" error={error('settings.clientId')}>
          <Input mono {...text('clientId')} />
        </Field>
        {value.publicClient ? null : (
          <Field
            label="Client secret"
            error={error('clientSecret')}
            hint={hasSecret ? 'Empty keeps the one there is. Nobody can read it here.' : undefined}
          >
            <Password
              mono
              autoComplete="new-password"
              placeholder={hasSecret ? '•••• unchanged' : ''}
              value={value.secret}
              onChange={(event) => edit({ secret: event.target.value })}
            />
          </Field>
        )}
        <Checkbox
          label="This client has no secret (a public client)"
          checked={value.publicClient}
          onChange={(publicClient) => edit({ publicClient })}
        />
        <Field label="Scopes" error={error('settings.scopes')} hint="What is asked for, with spaces between.">
          <Input mono {...text('scopes')} />
        </Field>
        <Field
          label="Words on the button"
          error={error('settings.name')}
          hint={`The sign-in page says: Sign in with ${value.name.trim() || '…'}`}
        >
          <Input {...text('name')} maxLength={60} />
        </Field>
      </div>
    </Card>
  )
}

export function AdmitCard({ value, edit, error }: CardProps) {
  return (
    <Card title="Who gets an account" id="admit">
      <div className="grid gap-4">
        <output className="t2">{admitsWords(value)}</output>
        <Toggle
          label="Make an account at the first sign-in"
          checked={value.autoProvision}
          onChange={(autoProvision) => edit({ autoProvision })}
          hint="For whoever is on the lists. They begin as members, never as administrators."
        />
        <Field label="Domains" error={error('settings.domains')} hint="Of e-mail addresses, one a line.">
          <Textarea
            mono
            rows={2}
            placeholder="home.example"
            value={value.domains}
            onChange={(event) => edit({ domains: event.target.value })}
          />
        </Field>
        <Field label="E-mail addresses" error={error('settings.emails')} hint="Whole addresses, one a line.">
          <Textarea
            mono
            rows={3}
            placeholder="anna@example.net"
            value={value.emails}
            onChange={(event) => edit({ emails: event.target.value })}
          />
        </Field>
        <Toggle
          label="Only verified addresses"
          checked={value.requireVerifiedEmail}
          onChange={(requireVerifiedEmail) => edit({ requireVerifiedEmail })}
          hint={
            value.requireVerifiedEmail
              ? 'The provider must say that the address belongs to them.'
              : 'Whoever can write any address at the provider can be anyone on these lists.'
          }
        />
      </div>
    </Card>
  )
}

export function FactorCard({ value, edit, error }: CardProps) {
  return (
    <Card title="Second factor" id="factor">
      <div className="grid gap-4">
        <Toggle
          label="Take the provider’s second factor as one"
          checked={value.trustFactor}
          onChange={(trustFactor) => edit({ trustFactor })}
          hint={
            value.trustFactor
              ? 'When the provider says there was one and when, nobody is asked again here.'
              : 'Whoever has a second factor here is asked for it after the provider.'
          }
        />
        {value.trustFactor ? (
          <Field
            label="Values of acr that say so"
            error={error('settings.factorAcr')}
            hint="One a line. Empty: only what amr says counts."
          >
            <Textarea
              mono
              rows={2}
              value={value.factorAcr}
              onChange={(event) => edit({ factorAcr: event.target.value })}
            />
          </Field>
        ) : null}
      </div>
    </Card>
  )
}

interface ToggleProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  hint: string
}
export const Toggle = ({ hint, ...rest }: ToggleProps) => (
  <div className="grid gap-1">
    <Switch {...rest} />
    <p className="hint">{hint}</p>
  </div>
)

/** Whether sessions begun with the saved settings end when these are saved. */
export const endsSessions = (saved: OidcSettings, next: OidcSettings): boolean =>
  saved.issuer !== '' && (saved.issuer !== next.issuer || saved.clientId !== next.clientId)
