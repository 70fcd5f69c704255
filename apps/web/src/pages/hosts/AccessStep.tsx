import { Link } from '../../components/Link.tsx'
import { usePolicies } from '../../components/policies.ts'
import { paths } from '../../lib/paths.ts'
import { OptionCards } from '../../ui/Choice.tsx'
import { Field } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'

interface Props {
  /** The id of a policy; empty is everyone. */
  value: string
  onChange: (policyId: string) => void
  error: string | undefined
}

const few = 5
const open = {
  value: '',
  title: 'Anyone on the internet',
  hint: 'Only the service’s own sign-in protects it.',
}

/** Who gets into the new host: cards while the policies are few, a list beyond. */
export function AccessStep({ value, onChange, error }: Props) {
  const { all, loaded } = usePolicies()
  return (
    <div className="grid gap-2">
      {all.length > few ? (
        <Field label={<span className="sr">Who gets in</span>}>
          <Select
            value={value}
            onChange={onChange}
            options={[
              { value: open.value, label: open.title, hint: open.hint },
              ...all.map(({ id, name, sentence }) => ({ value: id, label: name, hint: sentence })),
            ]}
          />
        </Field>
      ) : (
        <OptionCards
          label="Who gets in"
          value={value}
          onChange={onChange}
          options={[
            open,
            ...all.map(({ id, name, sentence }) => ({ value: id, title: name, hint: sentence })),
          ]}
        />
      )}
      {loaded && all.length === 0 ? (
        <p className="hint">
          To ask for a sign-in,{' '}
          <Link className="link" to={paths.policies()}>
            add a policy
          </Link>{' '}
          first; a host can be given one at any time.
        </p>
      ) : null}
      {error === undefined ? null : (
        <p className="wrongtext" role="alert">
          <span>{error}</span>
        </p>
      )}
    </div>
  )
}
