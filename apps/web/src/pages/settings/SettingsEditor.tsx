import { type Settings, settingsUpdate, settingsView } from '@argos/contract'
import { useRef, useState } from 'react'
import { type ApiError, call } from '../../api/call.ts'
import { meQuery, query, queryClient } from '../../api/query.ts'
import { LeaveDialog } from '../../components/LeaveDialog.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { useReview } from '../../components/review.ts'
import { askPreview, mustBeRead } from '../../components/risk.ts'
import { announceSaved } from '../../components/saved.ts'
import { useEdits } from '../../hooks/edits.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { settingsDiff } from './changes.ts'
import { formOf, type SettingsForm, settingsOf, settingsProblem } from './form.ts'
import { AuthorityCard, PanelCard, ProxiesCard } from './SettingsCards.tsx'
import { WhatChanges } from './WhatChanges.tsx'

interface Props {
  saved: Settings
  version: number
}

/** One form over all settings: a bar at the foot while something is edited, then what will change, then saved. */
export function SettingsEditor({ saved, version }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const edits = useEdits(formOf(saved), version)
  const submit = useSubmit(form)
  const [asking, setAsking] = useState(false)
  const review = useReview()
  const next = settingsOf(edits.value)
  const changes = settingsDiff(saved, next).length > 0

  const save = async () => {
    const answer = await call(settingsUpdate, { body: { settings: next, version: edits.version } })
    const { saved: generation, ...view } = answer
    queryClient.setQueryData(query(settingsView).queryKey, view)
    void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
    void announceSaved(generation)
    edits.reset()
  }
  // What could move the panel or change how visitors are seen is read in a preview of its own.
  const ask = () =>
    submit.run(async () => {
      const intent = { kind: 'settingsUpdate' as const, settings: next }
      if (!mustBeRead(await askPreview(intent))) return setAsking(true)
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
      {asking ? (
        <WhatChanges
          before={saved}
          after={next}
          onClose={() => setAsking(false)}
          onSave={() => {
            setAsking(false)
            void submit.run(save)
          }}
        />
      ) : null}
    </form>
  )
}
