import type { FactorMethod, FactorProof } from '@argos/contract'
import { type ReactNode, useId, useRef, useState } from 'react'
import { givePasskey, type PasskeyOptions, passkeysWork } from '../../lib/webauthn.ts'
import { Field, Input } from '../../ui/Field.tsx'
import { useAttempt } from './attempt.ts'
import { CodeInput } from './CodeInput.tsx'
import { notHere } from './PasskeyButton.tsx'
import { Problem } from './Problem.tsx'
import { Submit } from './Submit.tsx'
import './forms.css'

interface Props {
  methods: readonly FactorMethod[]
  /** Options for the browser; null where passkeys cannot be used. */
  askPasskey: () => Promise<PasskeyOptions | null>
  /** Sends the proof and goes on; throws what the panel refuses. */
  send: (factor: FactorProof) => Promise<void>
  /** What else is asked for, above: the password that goes with it. */
  before?: ReactNode
  /** What the button says. */
  action?: string
  /** Other ways, as links under those of the factor. */
  others?: ReactNode
  /** Said above until a try fails. */
  children?: ReactNode
}

const instead: Record<FactorMethod, string> = {
  totp: 'Use the authenticator app',
  passkey: 'Use a passkey instead',
  recovery: 'Use a recovery code',
}

/** What comes first: the code most people have at hand, and recovery codes last, as each works once. */
export const firstMethod = (methods: readonly FactorMethod[], passkeys = passkeysWork()): FactorMethod =>
  methods.includes('totp') ? 'totp' : methods.includes('passkey') && passkeys ? 'passkey' : 'recovery'

/** Asks for the second factor, one way at a time. */
export function FactorForm({
  methods,
  askPasskey,
  send,
  before,
  action = 'Continue',
  others,
  children,
}: Props) {
  const [method, setMethod] = useState(() => firstMethod(methods))
  const [code, setCode] = useState('')
  const attempt = useAttempt()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()

  const submit = async (typed = code) => {
    if (method === 'totp' && typed.length < 6) return field.current?.focus()
    if (method === 'recovery' && typed.trim() === '') return field.current?.focus()
    const done = await attempt.run(async () => {
      if (method !== 'passkey') return send({ method, code: typed.trim() })
      const options = await askPasskey()
      if (options === null) throw notHere()
      return send({ method, assertion: await givePasskey(options) })
    })
    if (done) return
    setCode('')
    field.current?.focus()
  }
  const change = (next: FactorMethod) => () => {
    setMethod(next)
    setCode('')
    attempt.clear()
  }
  const ways = methods.filter((way) => way !== method && (way !== 'passkey' || passkeysWork()))

  return (
    <form
      className="doorform"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {attempt.problem === null ? children : <Problem attempt={attempt} />}
      {before}
      {method === 'totp' ? (
        <div className="field">
          <label className="lbl" htmlFor={id}>
            6-digit code from your authenticator
          </label>
          <CodeInput
            id={id}
            ref={field}
            value={code}
            focus={before === undefined}
            describedBy={`${id}-hint`}
            onChange={(typed) => {
              setCode(typed)
              if (typed.length === 6 && typed !== code) void submit(typed)
            }}
          />
          <p className="hint" id={`${id}-hint`}>
            Filled from the clipboard when you paste. Checked at the sixth digit.
          </p>
        </div>
      ) : null}
      {method === 'recovery' ? (
        <Field label="Recovery code" hint="One of the ten you kept. Each works once.">
          <Input
            ref={field}
            mono
            size="lg"
            autoFocus={before === undefined}
            autoComplete="off"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
      ) : null}
      {method === 'passkey' ? (
        <p className="t2">Your browser asks for your finger, face, PIN or security key.</p>
      ) : null}
      <Submit
        attempt={attempt}
        off={(method === 'totp' && code.length < 6) || (method === 'recovery' && code.trim() === '')}
      >
        {method === 'passkey' && action === 'Continue' ? 'Use your passkey' : action}
      </Submit>
      {ways.length === 0 && others === undefined ? null : (
        <div className="alt">
          {ways.map((way) => (
            <button key={way} type="button" className="link" onClick={change(way)}>
              {instead[way]}
            </button>
          ))}
          {others}
        </div>
      )}
    </form>
  )
}
