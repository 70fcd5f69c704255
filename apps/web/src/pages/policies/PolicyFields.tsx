import { type Names, phraseOf, sentenceOf } from '@argos/contract'
import { Plus } from 'lucide-react'
import type { RefObject } from 'react'
import type { PickSection } from '../../components/PickField.tsx'
import { Button } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { ClauseFields } from './ClauseFields.tsx'
import { type ClauseDraft, inputOf, newClause, nextKey, type PolicyDraft } from './draft.ts'

interface Props {
  draft: PolicyDraft
  edit: (patch: Partial<PolicyDraft>, field: string) => void
  /** What is wrong at a path of the policy. */
  error: (path: string) => string | undefined
  first: RefObject<HTMLInputElement | null>
  sections: readonly PickSection[]
  names: Names
  noNetworks: string | null
}

/** Everything a policy has. The sentence on top says what it comes to, and changes with every choice. */
export function PolicyFields({ draft, edit, error, first, sections, names, noNetworks }: Props) {
  const { rules } = inputOf(draft)
  const change = (i: number, patch: Partial<ClauseDraft>) =>
    edit(
      { any: draft.any.map((clause, at) => (at === i ? { ...clause, ...patch } : clause)) },
      `rules.any.${i}`,
    )
  return (
    <>
      <output className="says-it">
        <span className="t3 sm">Who gets in</span>
        <b>{sentenceOf({ rules }, names)}</b>
      </output>
      <Field label="Name" error={error('name')} hint="What hosts and people call it.">
        <Input
          ref={first}
          maxLength={63}
          placeholder="Family"
          value={draft.name}
          onChange={(event) => edit({ name: event.target.value }, 'name')}
        />
      </Field>
      <ol className="ways">
        {draft.any.map((clause, i) => {
          const words = rules.any[i]
          return (
            <li key={clause.key}>
              <fieldset className="way-in">
                <legend>
                  <b>{draft.any.length === 1 ? 'Way in' : `Way in ${i + 1}`}</b>{' '}
                  {draft.any.length > 1 && words ? (
                    <span className="t2 sm">{phraseOf(words, names)}</span>
                  ) : null}
                </legend>
                <ClauseFields
                  clause={clause}
                  edit={(patch) => change(i, patch)}
                  error={(field) => error(`rules.any.${i}.${field}`)}
                  sections={sections}
                  names={names}
                  noNetworks={noNetworks}
                />
                <div className="mt-4">
                  <Button
                    kind="ghost"
                    size="sm"
                    onClick={() => edit({ any: draft.any.filter((_, at) => at !== i) }, 'rules.any')}
                  >
                    Remove this way in<span className="sr"> {i + 1}</span>
                  </Button>
                </div>
              </fieldset>
            </li>
          )
        })}
      </ol>
      <div>
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() => edit({ any: [...draft.any, newClause(nextKey(draft.any))] }, 'rules.any')}
        >
          {draft.any.length === 0 ? 'Add a way in' : 'Or another way in'}
        </Button>
        <p className="hint mt-1">
          {draft.any.length === 0
            ? 'Without a way in nobody can open the hosts that use it.'
            : 'Whoever meets all of one way gets in.'}
        </p>
      </div>
    </>
  )
}
