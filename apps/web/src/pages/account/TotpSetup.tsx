import { totpBegin, totpConfirm } from '@argos/contract'
import { useEffect, useId, useRef, useState } from 'react'
import { ApiError, call, type Output } from '../../api/call.ts'
import { Copy } from '../../components/Copy.tsx'
import { Qr } from '../../components/Qr.tsx'
import { Said } from '../../components/Said.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { toast } from '../../ui/Toast.tsx'
import { CodeInput } from '../door/CodeInput.tsx'
import '../door/forms.css'
import { soon } from './words.ts'

interface Props {
  onClose: () => void
  /** With recovery codes when the account has none yet. */
  onDone: (codes: readonly string[] | null) => void
}

/** Four letters at a time are easier to type; apps take the spaces. */
const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret

/** Shows the secret once, as a picture and as text, and turns it on with a code that it makes. */
export function TotpSetup({ onClose, onDone }: Props) {
  const [begun, setBegun] = useState<Output<typeof totpBegin> | ApiError | null>(null)
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const asked = useRef(false)
  const id = useId()
  useEffect(() => {
    // Once: each asking makes another secret.
    if (asked.current) return
    asked.current = true
    call(totpBegin)
      .then(setBegun)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setBegun(error)
      })
  }, [])

  const confirm = async (typed = code) => {
    if (busy) return
    if (typed.length < 6) return field.current?.focus()
    setBusy(true)
    try {
      const { recoveryCodes, atOnce } = await call(totpConfirm, { body: { code: typed } })
      toast(`The authenticator app is on.${soon(atOnce)}`)
      onDone(recoveryCodes)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error.message)
      setCode('')
      field.current?.focus()
    } finally {
      setBusy(false)
    }
  }

  const ready = begun !== null && !(begun instanceof ApiError)
  return (
    <Dialog
      open
      dirty={ready}
      onClose={onClose}
      title="Set up an authenticator app"
      lead="Any app for one-time codes works."
      onSubmit={() => void confirm()}
      footer={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            className="end"
            busy={busy}
            disabledReason={code.length < 6 && 'Enter the six digits that the app shows.'}
          >
            Turn on
          </Button>
        </>
      }
    >
      {begun === null ? <Skeleton rows={4} /> : null}
      {begun instanceof ApiError ? <ErrorState title="No secret was made" error={begun} /> : null}
      {ready ? (
        <div className="grid gap-4">
          <div className="scan">
            <Qr text={begun.uri} label="QR code of the secret" />
            <div className="grid gap-2">
              <p>Scan this with the app, or type the secret into it:</p>
              <code className="secret">{inGroups(begun.secret)}</code>
              <div className="row wrap g2">
                <Copy text={begun.secret} />
                <a className="link sm" href={begun.uri}>
                  Open in an app on this device
                </a>
              </div>
              <p className="hint">Shown now only. Nothing changes until a code of it fits.</p>
            </div>
          </div>
          {problem === null ? null : (
            <Note tone="bad" alert>
              <Said message={problem} />
            </Note>
          )}
          <div className="field">
            <label className="lbl" htmlFor={id}>
              6-digit code from the app
            </label>
            <CodeInput
              id={id}
              ref={field}
              focus={false}
              value={code}
              onChange={(typed) => {
                setCode(typed)
                if (typed.length === 6 && typed !== code) void confirm(typed)
              }}
            />
          </div>
        </div>
      ) : null}
    </Dialog>
  )
}
