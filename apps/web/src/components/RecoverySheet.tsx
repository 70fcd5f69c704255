import { recoverySheetConfirm, recoverySheetView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../api/call.ts'
import { meQuery, query, queryClient } from '../api/query.ts'
import { moment } from '../lib/time.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorState, Note, Skeleton } from '../ui/Feedback.tsx'
import { Field, Input } from '../ui/Field.tsx'
import { toast } from '../ui/Toast.tsx'
import { Words } from '../ui/Words.tsx'
import { Copy } from './Copy.tsx'

/** Where the master key is and how to keep it elsewhere; confirmed by its last four characters. */
export function RecoverySheet({ onDone, onLater }: { onDone?: () => void; onLater?: () => void }) {
  const sheet = useQuery(query(recoverySheetView))
  if (sheet.isPending) return <Skeleton rows={4} />
  if (sheet.isError) {
    return (
      <ErrorState
        title="The recovery sheet could not be loaded"
        error={sheet.error}
        onRetry={sheet.refetch}
      />
    )
  }
  const { keyLocation, keyFingerprint, command, done, doneAt } = sheet.data
  return (
    <div className="grid gap-3">
      <p className="t2">
        One key encrypts every secret Argos stores. Without it a backup cannot be read, and nobody can make a
        new one. Keep a copy away from this machine: on paper or in a password manager.
      </p>
      <dl className="kv">
        <dt>The key is in</dt>
        <dd>
          <Words text={keyLocation} />
        </dd>
        <dt>Fingerprint</dt>
        <dd>
          <code>{keyFingerprint}</code>
        </dd>
        <dt>Print the sheet</dt>
        <dd className="row wrap g2">
          <code>{command}</code>
          <Copy text={command} />
        </dd>
      </dl>
      {done ? (
        <Note tone="ok">
          <b>A copy is kept elsewhere.</b> {doneAt === null ? null : `Confirmed ${moment(doneAt)}.`}
        </Note>
      ) : (
        <Confirm onDone={onDone} onLater={onLater} />
      )}
    </div>
  )
}

function Confirm({
  onDone,
  onLater,
}: {
  onDone: (() => void) | undefined
  onLater: (() => void) | undefined
}) {
  const [lastFour, setLastFour] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const confirm = async () => {
    setBusy(true)
    try {
      const sheet = await call(recoverySheetConfirm, { body: { lastFour: lastFour.trim() } })
      queryClient.setQueryData(query(recoverySheetView).queryKey, sheet)
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
      toast('The recovery sheet is confirmed.')
      onDone?.()
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught
      setError([caught.message, caught.field('lastFour')].filter(Boolean).join(' '))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="row wrap g3 items-start"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (lastFour.trim().length === 4) void confirm()
      }}
    >
      <Field label="The last four characters of the key" error={error} className="w-72 max-w-full">
        <Input
          mono
          maxLength={4}
          value={lastFour}
          onChange={(event) => {
            setLastFour(event.target.value)
            setError(undefined)
          }}
        />
      </Field>
      <div className="row g2 md:pt-[25px]">
        <Button
          type="submit"
          busy={busy}
          disabledReason={lastFour.trim().length < 4 && 'Type the last four characters of the key you kept.'}
        >
          I keep a copy
        </Button>
        {onLater === undefined ? null : (
          <Button kind="ghost" onClick={onLater}>
            Later
          </Button>
        )}
      </div>
    </form>
  )
}
