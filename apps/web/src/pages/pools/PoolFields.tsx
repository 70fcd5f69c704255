import type { RefObject } from 'react'
import type { Submit } from '../../hooks/submit.ts'
import { OptionCards, Switch } from '../../ui/Choice.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import type { PoolDraft } from './draft.ts'
import { TargetFields } from './TargetFields.tsx'

interface Props {
  draft: PoolDraft
  edit: (patch: Partial<PoolDraft>) => void
  submit: Pick<Submit, 'field' | 'edited'>
  first: RefObject<HTMLInputElement | null>
}

const checks = [
  { value: 'tcp', label: 'Connect' },
  { value: 'http', label: 'Ask a page' },
  { value: 'off', label: 'Off' },
] as const
const checkHints: Record<PoolDraft['check'], string> = {
  tcp: 'A target answers while its port takes connections.',
  http: 'A target answers while the page comes with a status below 500.',
  off: 'Nobody notices when a target stops: its visitors get an error until it is back.',
}

/** Everything a pool has, in one column. */
export function PoolFields({ draft, edit, submit, first }: Props) {
  return (
    <>
      <Field label="Name" error={submit.field('name')} hint="Only people see it.">
        <Input
          ref={first}
          maxLength={63}
          placeholder="immich"
          value={draft.name}
          onChange={(event) => {
            submit.edited('name')
            edit({ name: event.target.value })
          }}
        />
      </Field>
      <TargetFields draft={draft} edit={edit} submit={submit} />
      <OptionCards
        label="How the edge talks to the targets"
        value={draft.protocol}
        onChange={(protocol) => edit({ protocol })}
        options={[
          {
            value: 'http',
            title: 'HTTP',
            hint: 'Plain between the edge and the target. Usual inside one network.',
          },
          { value: 'https', title: 'HTTPS', hint: 'Encrypted on the inside as well.' },
        ]}
      />
      {draft.protocol === 'http' ? null : (
        <div className="grid gap-1">
          <Switch
            label="Only with a trusted certificate"
            checked={draft.verifyTls}
            onChange={(verifyTls) => edit({ verifyTls })}
          />
          <p className="hint">
            {draft.verifyTls
              ? 'A self-signed certificate is refused, and visitors get an error.'
              : 'Any certificate is taken: whoever sits between the edge and the target can read along.'}
          </p>
        </div>
      )}
      <div className="grid gap-1">
        <Switch
          label="Pass on the name the visitor asked for"
          checked={draft.preserveHost}
          onChange={(preserveHost) => edit({ preserveHost })}
        />
        <p className="hint">
          {draft.preserveHost
            ? 'Most services need it to build their links.'
            : 'The target sees its own address instead. Some devices answer only to that.'}
        </p>
      </div>
      <CheckFields draft={draft} edit={edit} submit={submit} />
    </>
  )
}

function CheckFields({ draft, edit, submit }: Omit<Props, 'first'>) {
  const text = (name: 'path' | 'intervalS' | 'timeoutS') => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => {
      submit.edited(`health.${name}`)
      edit({ [name]: event.target.value })
    },
  })
  return (
    <fieldset className="grid gap-2">
      <legend className="lbl mb-1.5">Health check</legend>
      <div>
        <Segmented
          label="Health check"
          value={draft.check}
          onChange={(check) => edit({ check })}
          options={checks}
        />
      </div>
      <p className="hint">{checkHints[draft.check]}</p>
      {draft.check === 'off' ? null : (
        <div className="checkfields">
          {draft.check === 'http' ? (
            <Field label="Page" error={submit.field('health.path')} className="wide">
              <Input mono placeholder="/" {...text('path')} />
            </Field>
          ) : null}
          <Field label="Every" error={submit.field('health.intervalS')}>
            <Input inputMode="numeric" after={<span className="t3">s</span>} {...text('intervalS')} />
          </Field>
          <Field label="Wait at most" error={submit.field('health.timeoutS')}>
            <Input inputMode="numeric" after={<span className="t3">s</span>} {...text('timeoutS')} />
          </Field>
        </div>
      )}
    </fieldset>
  )
}
