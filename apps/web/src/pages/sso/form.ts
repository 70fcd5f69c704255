import {
  type FieldError,
  type OidcPreset,
  type OidcSettings,
  type OidcSettingsView,
  oidcPresets,
} from '@argos/contract'

/** A value of the claim and the group it leads to. `key` keeps a row's focus when others go. */
export interface MappingRow {
  readonly key: number
  readonly value: string
  readonly groupId: string
}
/** The settings as their fields hold them: lists are lines of text, the secret is what is typed. */
export interface SsoForm
  extends Omit<OidcSettings, 'scopes' | 'emails' | 'domains' | 'factorAcr' | 'groups' | 'admin' | 'enabled'> {
  readonly scopes: string
  readonly emails: string
  readonly domains: string
  readonly factorAcr: string
  readonly groups: readonly MappingRow[]
  readonly adminOn: boolean
  readonly adminClaim: string
  readonly adminValue: string
  /** The client has no secret. */
  readonly publicClient: boolean
  /** Empty keeps what is saved. */
  readonly secret: string
}

export const formOf = ({
  settings,
  hasSecret,
}: Pick<OidcSettingsView, 'settings' | 'hasSecret'>): SsoForm => {
  const { scopes, emails, domains, factorAcr, groups, admin, enabled: _, ...rest } = settings
  return {
    ...rest,
    scopes: scopes.join(' '),
    emails: emails.join('\n'),
    domains: domains.join('\n'),
    factorAcr: factorAcr.join('\n'),
    groups: groups.map((one, key) => ({ ...one, key })),
    adminOn: admin !== null,
    adminClaim: admin?.claim ?? rest.groupsClaim,
    adminValue: admin?.value ?? '',
    publicClient: !hasSecret && rest.clientId !== '',
    secret: '',
  }
}

const lines = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean)

export function settingsOf(form: SsoForm, enabled: boolean): OidcSettings {
  const { adminOn, adminClaim, adminValue, publicClient: _, secret: __, ...rest } = form
  return {
    ...rest,
    enabled,
    name: form.name.trim(),
    issuer: form.issuer.trim(),
    clientId: form.clientId.trim(),
    groupsClaim: form.groupsClaim.trim(),
    scopes: form.scopes.split(/[\s,]+/).filter(Boolean),
    emails: lines(form.emails),
    domains: lines(form.domains),
    factorAcr: lines(form.factorAcr),
    groups: form.groups.map(({ value, groupId }) => ({ value: value.trim(), groupId })),
    admin: adminOn ? { claim: adminClaim.trim(), value: adminValue.trim() } : null,
  }
}

/** As it is sent: left out keeps the secret there is, null is a client without one. */
export const secretOf = ({ publicClient, secret }: SsoForm): { clientSecret?: string | null } =>
  publicClient ? { clientSecret: null } : secret === '' ? {} : { clientSecret: secret }

const presetOf = (id: OidcPreset) => oidcPresets.find((preset) => preset.id === id)

/** Another provider: its issuer, scopes and claim; what somebody wrote of their own stays. */
export function withPreset(form: SsoForm, id: OidcPreset): SsoForm {
  const preset = presetOf(id)
  if (preset === undefined) return form
  const own = (value: string, of: (p: (typeof oidcPresets)[number]) => string) =>
    value.trim() !== '' && !oidcPresets.some((p) => of(p) === value.trim())
  return {
    ...form,
    preset: id,
    name: own(form.name, (p) => p.name) ? form.name : preset.name,
    issuer: own(form.issuer, (p) => p.issuer) ? form.issuer : preset.issuer,
    scopes: preset.scopes.join(' '),
    groupsClaim: preset.groupsClaim,
  }
}

/** What can be told here, before anybody is asked. */
export function formProblems(form: SsoForm): readonly FieldError[] {
  const no = (field: string, message: string): FieldError => ({ path: `settings.${field}`, message })
  const issuer = form.issuer.trim()
  const template = presetOf(form.preset)?.issuer ?? ''
  return [
    ...(issuer === template && /[A-Z]{2}/.test(template)
      ? [no('issuer', 'Put your own in place of the capitals.')]
      : []),
    ...form.groups.flatMap(({ value, groupId }, i) => [
      ...(value.trim() === '' ? [no(`groups.${i}.value`, 'Enter the value, or remove the row.')] : []),
      ...(groupId === '' ? [no(`groups.${i}.groupId`, 'Choose a group.')] : []),
    ]),
    ...(form.adminOn && form.adminValue.trim() === ''
      ? [no('admin.value', 'Enter the value that administrators have.')]
      : []),
  ]
}

/** Who is let in by the lists, in one sentence. */
export function admitsWords(
  form: Pick<SsoForm, 'emails' | 'domains' | 'autoProvision' | 'requireVerifiedEmail'>,
): string {
  const emails = lines(form.emails).length
  const domains = lines(form.domains)
  const connected = 'Who has connected an account here can sign in.'
  if (!form.autoProvision) return `${connected} Nobody gets an account by signing in.`
  if (emails === 0 && domains.length === 0)
    return `${connected} Both lists are empty, so nobody gets an account by signing in.`
  const whom = [
    ...(domains.length === 0 ? [] : [`everybody at ${domains.join(', ')}`]),
    ...(emails === 0 ? [] : [emails === 1 ? 'the one address listed' : `the ${emails} addresses listed`]),
  ].join(' and ')
  return `${connected} A member’s account is made for ${whom}${form.requireVerifiedEmail ? ', once the provider says that the address is theirs' : ''}.`
}

/** The first thing that is wrong at a field or inside it. */
export const problemAt = (fields: readonly FieldError[], field: string): string | undefined =>
  fields.find(({ path }) => path === field || path.startsWith(`${field}.`))?.message
