import { type Settings, settingsUpdate, settingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { meQuery, query, queryClient, refresh } from '../../api/query.ts'
import { DomainInput } from '../../components/DomainInput.tsx'
import { PanelTlsCards } from '../../components/PanelTlsCards.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { announceSaved } from '../../components/saved.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { settingsProblem } from '../settings/form.ts'

interface StepProps {
  onBack: () => void
  onNext: () => void
}

/** Gives the panel a name of its own, or not yet. */
export function AddressStep({ onBack, onNext }: StepProps) {
  const view = useQuery(query(settingsView))
  if (view.isError) {
    return <ErrorState title="The settings could not be loaded" error={view.error} onRetry={view.refetch} />
  }
  if (view.isPending) return <Skeleton />
  return <AddressForm {...view.data} onBack={onBack} onNext={onNext} />
}

function AddressForm({
  settings,
  version,
  onBack,
  onNext,
}: StepProps & { settings: Settings; version: number }) {
  const [name, setName] = useState(settings.panelDomain)
  const [tls, setTls] = useState(settings.panelTls)
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const next = { ...settings, panelDomain: name.trim(), panelTls: tls }
  const field = 'settings.panelDomain'

  const save = async () => {
    const answer = await call(settingsUpdate, { body: { settings: next, version } })
    void announceSaved(answer.saved)
    await Promise.all([refresh(settingsView), queryClient.invalidateQueries({ queryKey: meQuery.queryKey })])
    onNext()
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') void submit.run(save)
      }}
    >
      <h1>Give the panel a name</h1>
      <p className="lead">
        Passkeys, notifications in the browser and hosts behind a sign-in need the panel under a name with
        HTTPS. You can do this later in the settings.
      </p>
      <Refusal problem={submit.problem} shows={(path) => path === field} />
      <div className="card pad grid gap-4">
        <DomainInput
          label="Panel domain"
          value={name}
          own={settings.panelDomain}
          onChange={(typed) => {
            submit.edited(field)
            setName(typed)
          }}
          error={
            submit.field(field) === undefined
              ? undefined
              : settingsProblem(submit.problem, 'panelDomain', next)
          }
          autoFocus
          hint="A name that leads to this machine, at home or from everywhere."
        />
        <PanelTlsCards value={tls} onChange={setTls} />
      </div>
      <Note tone="acc">
        <b>Browsers will insist on HTTPS for this name for one year.</b> The panel says so with every answer
        (HSTS), so choose a name that stays. The address you use now keeps working; at the new one you sign in
        once more.
      </Note>
      <footer className="row wrap">
        <Button size="lg" onClick={onBack}>
          Back
        </Button>
        <Button kind="ghost" size="lg" className="end" onClick={onNext}>
          Not now
        </Button>
        <Button
          kind="primary"
          size="lg"
          type="submit"
          busy={submit.busy}
          disabledReason={name.trim() === '' && 'Type a name first, or go on with Not now.'}
        >
          Save and continue
        </Button>
      </footer>
    </form>
  )
}
