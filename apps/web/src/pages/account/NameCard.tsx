import { type Me, meUpdate } from '@argos/contract'
import { useRef } from 'react'
import { call } from '../../api/call.ts'
import { meQuery, queryClient } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useEdits } from '../../hooks/edits.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'

/** What others call one. The name to sign in with and the e-mail are the administrators', as apps know people by them. */
export function NameCard({ user }: { user: Me['user'] }) {
  const { value, edit, dirty, reset } = useEdits({ displayName: user.displayName }, 0)
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const save = async () => {
    const me = await call(meUpdate, { body: { displayName: value.displayName.trim() } })
    queryClient.setQueryData(meQuery.queryKey, me)
    reset()
    toast('Your name is saved.')
  }
  return (
    <Card title="You" id="you">
      <form
        ref={form}
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit.run(save)
        }}
      >
        <Refusal problem={submit.problem} shows={(path) => path === 'displayName'} />
        <Field label="Your name" error={submit.field('displayName')} hint="As apps and people call you.">
          <Input
            autoComplete="name"
            value={value.displayName}
            onChange={(event) => {
              submit.edited('displayName')
              edit({ displayName: event.target.value })
            }}
          />
        </Field>
        <dl className="kv">
          <dt>Signs in as</dt>
          <dd>{user.username}</dd>
          <dt>E-mail</dt>
          <dd>{user.email === '' ? <span className="t3">none</span> : user.email}</dd>
        </dl>
        {user.role === 'admin' ? null : (
          <p className="hint">Apps know you by these two. Whoever runs this home can change them.</p>
        )}
        <div className="row">
          <Button type="submit" busy={submit.busy} disabledReason={!dirty && 'Nothing is changed yet.'}>
            Save name
          </Button>
        </div>
      </form>
    </Card>
  )
}
