import { passwordChange, sessionList } from '@argos/contract'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { refresh, signedInAs } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { refusedHere, useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Password } from '../../ui/Password.tsx'
import { toast } from '../../ui/Toast.tsx'
import { Length } from '../door/Length.tsx'
import { soon } from './words.ts'

export function PasswordCard({ username }: { username: string }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(form)
  const { field, edited } = submit
  const change = async () => {
    if (current === '') throw refusedHere([{ path: 'current', message: 'Enter the password you have now.' }])
    const { me, atOnce } = await call(passwordChange, { body: { current, password } })
    signedInAs(me)
    setCurrent('')
    setPassword('')
    await refresh(sessionList)
    toast(`Your password is changed, and every other browser is signed out.${soon(atOnce)}`)
  }
  return (
    <Card title="Password" id="password">
      <form
        ref={form}
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit.run(change)
        }}
      >
        <Refusal problem={submit.problem} shows={(path) => ['current', 'password'].includes(path)} />
        <input
          className="sr"
          type="text"
          autoComplete="username"
          value={username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field label="Current password" error={field('current')}>
          <Password
            autoComplete="current-password"
            value={current}
            onChange={(event) => {
              edited('current')
              setCurrent(event.target.value)
            }}
          />
        </Field>
        <Field
          label="New password"
          error={field('password')}
          hint="Every other browser is signed out."
          aside={<Length of={password.length} />}
        >
          <Password
            autoComplete="new-password"
            value={password}
            onChange={(event) => {
              edited('password')
              setPassword(event.target.value)
            }}
          />
        </Field>
        <div className="row">
          <Button
            type="submit"
            busy={submit.busy}
            disabledReason={current === '' && password === '' && 'Enter both passwords first.'}
          >
            Change password
          </Button>
        </div>
      </form>
    </Card>
  )
}
