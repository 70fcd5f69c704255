import {
  type OidcSettingsView,
  oidcSettingsUpdate,
  oidcSettingsView,
  oidcTest,
  signInMethods,
} from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { query, queryClient, refresh } from '../../api/query.ts'
import { LeaveDialog } from '../../components/LeaveDialog.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { useEdits } from '../../hooks/edits.ts'
import { refusedHere, useSubmit } from '../../hooks/submit.ts'
import { Things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { toast } from '../../ui/Toast.tsx'
import { Addresses } from './Addresses.tsx'
import { AdmitCard, endsSessions, FactorCard, ProviderCard } from './Cards.tsx'
import { formOf, formProblems, problemAt, type SsoForm, secretOf, settingsOf } from './form.ts'
import { GroupsCard } from './GroupsCard.tsx'
import { TestCard, type Tested } from './TestCard.tsx'

/** One form over all of it, a test of what is typed beside it, and a bar at the foot while something is edited. */
export function SsoEditor({ view }: { view: OidcSettingsView }) {
  const form = useRef<HTMLFormElement>(null)
  const edits = useEdits<SsoForm>(formOf(view), view.version)
  const submit = useSubmit(form)
  const test = useSubmit(form)
  const [tested, setTested] = useState<{ of: string; answer: Tested } | null>(null)
  const { value } = edits
  const settings = settingsOf(value, view.settings.enabled)
  const typed = JSON.stringify([settings, secretOf(value)])

  const check = () => {
    const wrong = formProblems(value)
    if (wrong.length > 0) throw refusedHere(wrong)
  }
  const save = (version: number) =>
    submit.run(async () => {
      check()
      const body = { settings, ...secretOf(value), version }
      const answer = await call(oidcSettingsUpdate, { body })
      queryClient.setQueryData(query(oidcSettingsView).queryKey, answer)
      edits.reset()
      void refresh(signInMethods)
      toast(answer.settings.enabled ? 'Saved' : 'Saved. It is off: test it, then switch it on')
    })
  const theirs = () => queryClient.fetchQuery({ ...query(oidcSettingsView), staleTime: 0 })
  const onTop = async () => {
    const { version } = await theirs()
    edits.rebase(version)
    await save(version)
  }
  const drop = async () => {
    await theirs()
    edits.reset()
    await submit.run(async () => undefined)
  }
  const run = () =>
    test.run(async () => {
      const answer = await call(oidcTest, { body: { settings, ...secretOf(value) } })
      setTested({ of: typed, answer })
    })
  const error = (field: string) => {
    const found = problemAt(submit.problem?.fields ?? [], field)
    const at = submit.problem?.fields.find(({ path }) => path === field || path.startsWith(`${field}.`))
    return at && submit.field(at.path) !== undefined ? found : undefined
  }
  const edit = (patch: Partial<SsoForm>) => {
    for (const field of Object.keys(patch)) submit.edited(edited[field] ?? `settings.${field}`)
    edits.edit(patch)
  }
  const cards = { value, edit, error }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (edits.dirty) void save(edits.version)
      }}
    >
      <LeaveDialog dirty={edits.dirty && !submit.busy} />
      <div className="cols">
        <div className="c8 grid gap-4">
          <Refusal
            problem={submit.problem}
            shows={(path) => /^(settings\.|clientSecret)/.test(path)}
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
          <ProviderCard {...cards} hasSecret={view.hasSecret} />
          <AdmitCard {...cards} />
          <GroupsCard {...cards} />
          <FactorCard {...cards} />
          {edits.dirty && view.sessions > 0 && endsSessions(view.settings, settings) ? (
            <Note tone="warn">
              <b>Another issuer or client is another provider.</b> {Things(view.sessions, 'session')} begun
              with the old one {view.sessions === 1 ? 'ends' : 'end'} when this is saved.
            </Note>
          ) : null}
        </div>
        <div className="c4 grid gap-4">
          <Addresses addresses={view.addresses} />
          <TestCard
            tested={tested?.answer ?? null}
            old={tested !== null && tested.of !== typed}
            busy={test.busy}
            problem={test.problem?.message ?? null}
            onTest={() => void run()}
          />
        </div>
      </div>
      {edits.dirty ? (
        <section className="savebar mt-4" aria-label="Edits">
          <span className="grow t2">Not saved yet</span>
          <Button onClick={edits.reset}>Discard</Button>
          <Button kind="primary" type="submit" busy={submit.busy}>
            Save
          </Button>
        </section>
      ) : null}
    </form>
  )
}

/** Fields of the form that are called otherwise in the body. */
const edited: Readonly<Record<string, string>> = {
  secret: 'clientSecret',
  publicClient: 'clientSecret',
  adminClaim: 'settings.admin.claim',
  adminValue: 'settings.admin.value',
  adminOn: 'settings.admin',
}
