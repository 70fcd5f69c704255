import { type Settings, settingsView } from '@argos/contract'
import { useRef } from 'react'
import type { ApiError } from '../../api/call.ts'
import { meQuery, query, queryClient } from '../../api/query.ts'
import { LeaveDialog } from '../../components/LeaveDialog.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { useReview } from '../../components/review.ts'
import { askPreview } from '../../components/risk.ts'
import { useEdits } from '../../hooks/edits.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { formOf, type SettingsForm, settingsOf, settingsProblem } from './form.ts'
import { AuthorityCard, PanelCard, ProxiesCard } from './SettingsCards.tsx'

interface Props {
  saved: Settings
  version: number
}

/** One form over all settings: a bar at the foot while something is edited, then what will change, then saved. */
export function SettingsEditor({ saved, version }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const edits = useEdits(formOf(saved), version)
  const submit = useSubmit(form)
  const review = useReview()
  const next = settingsOf(edits.value)
  const changes = JSON.stringify(next) !== JSON.stringify(settingsOf(formOf(saved)))

  // Settings touch every host, so they are read once more before they are saved. What is wrong stays at its field.
  const ask = () =>
    submit.run(async () => {
      const intent = { kind: 'settingsUpdate' as const, settings: next }
      await askPreview(intent)
      const applied = () => {
        edits.reset()
        void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
      }
      const refused = (problem: ApiError) => void submit.run(() => Promise.reject(problem))
      review({ intent, version: edits.version }, { applied, refused })
    })
  const theirs = () => queryClient.fetchQuery({ ...query(settingsView), staleTime: 0 })
  const onTop = async () => {
    edits.rebase((await theirs()).version)
    await ask()
  }
  const drop = async () => {
    await theirs()
    edits.reset()
    await submit.run(async () => undefined)
  }
  const edit = (field: keyof Settings) => (patch: Partial<SettingsForm>) => {
    submit.edited(`settings.${field}`)
    edits.edit(patch)
  }
  const error = (field: keyof Settings) => {
    const found = submit.problem?.fields.find(({ path }) => path.startsWith(`settings.${field}`))
    const stands = found !== undefined && submit.field(found.path) !== undefined
    return stands ? settingsProblem(submit.problem, field, next) : undefined
  }
  const cards = { value: edits.value, saved, edit, error }

  return (
    <form
      ref={form}
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (changes) void ask()
      }}
    >
      <LeaveDialog dirty={edits.dirty && !submit.busy} />
      <Refusal
        problem={submit.problem}
        shows={(path) => path.startsWith('settings.')}
        actions={
          submit.problem?.code === 'stale' ? (
            <>
              <Button size="sm" onClick={() => void onTop()}>
                Save mine on top
              </Button>
              <Button size="sm" onClick={() => void drop()}>
                Take theirs
              </Button>
            </>
          ) : undefined
        }
      />
      <PanelCard {...cards} />
      <AuthorityCard {...cards} />
      <ProxiesCard {...cards} />
      {edits.dirty ? (
        <section className="savebar" aria-label="Edits">
          <span className="grow t2">{changes ? 'Not saved yet' : 'Nothing differs from what is saved'}</span>
          <Button onClick={edits.reset}>Discard</Button>
          <Button
            kind="primary"
            type="submit"
            busy={submit.busy}
            disabledReason={!changes && 'Nothing differs from what is saved.'}
          >
            Review and save
          </Button>
        </section>
      ) : null}
    </form>
  )
}
