import { Plus, X } from 'lucide-react'
import { useEverybody } from '../../components/people.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { type CardProps, Toggle } from './Cards.tsx'
import type { MappingRow } from './form.ts'

/** Which values of a claim put people into which groups, and which make administrators. */
export function GroupsCard({ value, edit, error }: CardProps) {
  const { sections } = useEverybody()
  const groups = sections.find((section) => section.title === 'Groups')?.options ?? []
  const change = (i: number, patch: Partial<MappingRow>) =>
    edit({ groups: value.groups.map((row, at) => (at === i ? { ...row, ...patch } : row)) })
  const nextKey = Math.max(-1, ...value.groups.map((row) => row.key)) + 1
  return (
    <Card title="Groups" id="groups">
      <div className="grid gap-4">
        <Field
          label="Claim with groups"
          error={error('settings.groupsClaim')}
          hint="Dots lead into objects, as in realm_access.roles. Empty: the provider puts nobody into groups."
        >
          <Input
            mono
            placeholder="groups"
            value={value.groupsClaim}
            onChange={(event) => edit({ groupsClaim: event.target.value })}
          />
        </Field>
        {value.groupsClaim.trim() === '' ? null : (
          <div className="grid gap-3">
            <p className="t2">
              {value.groups.length === 0
                ? 'No value leads to a group yet.'
                : 'Who has the value is in the group, until a sign-in without it.'}
            </p>
            <ol className="mapping">
              {value.groups.map((row, i) => (
                <li key={row.key}>
                  <Field label="Value there" error={error(`settings.groups.${i}.value`)}>
                    <Input
                      mono
                      value={row.value}
                      onChange={(event) => change(i, { value: event.target.value })}
                    />
                  </Field>
                  <Field label="Group here" error={error(`settings.groups.${i}.groupId`)}>
                    <Select
                      value={row.groupId}
                      onChange={(groupId) => change(i, { groupId })}
                      options={[
                        { value: '', label: 'Choose a group' },
                        ...groups.map(({ id, name }) => ({ value: id, label: name })),
                      ]}
                    />
                  </Field>
                  <IconButton
                    label={`Remove the value ${row.value || i + 1}`}
                    icon={<X />}
                    onClick={() => edit({ groups: value.groups.filter((_, at) => at !== i) })}
                  />
                </li>
              ))}
            </ol>
            <div>
              <Button
                size="sm"
                icon={<Plus />}
                disabledReason={
                  groups.length === 0 && 'There is no group yet. Add one under People and groups.'
                }
                onClick={() => edit({ groups: [...value.groups, { key: nextKey, value: '', groupId: '' }] })}
              >
                Add a value
              </Button>
            </div>
          </div>
        )}
        <Toggle
          label="The provider says who is an administrator"
          checked={value.adminOn}
          onChange={(adminOn) => edit({ adminOn })}
          hint={
            value.adminOn
              ? 'Whoever has this value can change everything here, and no longer once it is gone.'
              : 'People who come from the provider are members. You make administrators here.'
          }
        />
        {value.adminOn ? (
          <div className="mapping">
            <div>
              <Field label="Claim" error={error('settings.admin.claim')}>
                <Input
                  mono
                  placeholder="groups"
                  value={value.adminClaim}
                  onChange={(event) => edit({ adminClaim: event.target.value })}
                />
              </Field>
              <Field label="Value" error={error('settings.admin.value')}>
                <Input
                  mono
                  placeholder="argos-admins"
                  value={value.adminValue}
                  onChange={(event) => edit({ adminValue: event.target.value })}
                />
              </Field>
            </div>
          </div>
        ) : null}
      </div>
    </Card>
  )
}
