import type { Names } from '@argos/contract'
import { PickField, type PickSection } from '../../components/PickField.tsx'
import { OptionCards, Switch } from '../../ui/Choice.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Field, Input, Textarea } from '../../ui/Field.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import type { ClauseDraft } from './draft.ts'
import { TimeFields } from './TimeFields.tsx'

interface Props {
  clause: ClauseDraft
  edit: (patch: Partial<ClauseDraft>) => void
  /** What is wrong with a field of this clause. */
  error: (field: string) => string | undefined
  sections: readonly PickSection[]
  names: Names
  /** Why networks cannot be asked for now. */
  noNetworks: string | null
}

/** One way in: who, from where, with what, when. Everything that is asked for must be met. */
export function ClauseFields({ clause, edit, error, sections, names, noNetworks }: Props) {
  const without = (ids: readonly string[], id: string) => ids.filter((other) => other !== id)
  return (
    <div className="grid gap-4">
      <OptionCards
        label="Who"
        value={clause.who}
        onChange={(who) => edit({ who })}
        options={[
          { value: 'signed_in', title: 'Anyone signed in', hint: 'Every account here, of members too.' },
          { value: 'these', title: 'These only', hint: 'The people and groups you choose.' },
          { value: 'everyone', title: 'Everyone', hint: 'Nobody is asked to sign in.' },
        ]}
      />
      {clause.who === 'these' ? (
        <PickField
          label="People and groups"
          add="Add"
          sections={sections}
          picked={[...clause.groups, ...clause.people]}
          nameOf={(id) => names.people[id] ?? names.groups[id] ?? 'somebody who is gone'}
          onAdd={(id, section) =>
            edit(
              section === 'Groups' ? { groups: [...clause.groups, id] } : { people: [...clause.people, id] },
            )
          }
          onRemove={(id) => edit({ groups: without(clause.groups, id), people: without(clause.people, id) })}
          error={error('people') ?? error('groups')}
        />
      ) : null}
      <div className="field">
        <span className="lbl">From</span>
        <div>
          <Segmented
            label="From"
            value={clause.from}
            onChange={(from) => edit({ from })}
            options={[
              { value: 'anywhere', label: 'Anywhere' },
              { value: 'local', label: 'Local network' },
              { value: 'these', label: 'These networks' },
            ]}
          />
        </div>
      </div>
      {clause.from === 'these' ? (
        <Field
          label="Networks"
          error={error('networks')}
          hint="One a line: an address, or a range such as 192.168.1.0/24."
        >
          <Textarea
            mono
            rows={3}
            placeholder={'192.168.1.0/24\nfd00::/8'}
            value={clause.networks}
            onChange={(event) => edit({ networks: event.target.value })}
          />
        </Field>
      ) : error('networks') === undefined ? null : (
        <p className="wrongtext" role="alert">
          <span>{error('networks')}</span>
        </p>
      )}
      {clause.from === 'anywhere' || noNetworks === null ? null : (
        <Note tone="bad">
          <b>Networks tell nobody apart here now.</b> {noNetworks}
        </Note>
      )}
      {clause.who === 'everyone' ? null : (
        <div className="factor">
          <Switch
            label="With a second factor"
            checked={clause.factor}
            onChange={(factor) => edit({ factor })}
          />
          {clause.factor ? (
            <Field label="given within the last" error={error('factorHours')}>
              <Input
                inputMode="numeric"
                value={clause.hours}
                after={<span className="t3">hours</span>}
                onChange={(event) => edit({ hours: event.target.value })}
              />
            </Field>
          ) : null}
        </div>
      )}
      <TimeFields
        times={clause.times}
        onChange={(times) => edit({ times })}
        error={(i, field) => error(`times.${i}.${field}`)}
      />
    </div>
  )
}
