import { type Factors, factorsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { query, refresh } from '../../api/query.ts'
import { moment } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { PasskeysCard } from './PasskeysCard.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

const TotpSetup = lazy(() => import('./TotpSetup.tsx').then((m) => ({ default: m.TotpSetup })))
const TotpOff = lazy(() => import('./FactorActs.tsx').then((m) => ({ default: m.TotpOff })))
const NewCodes = lazy(() => import('./FactorActs.tsx').then((m) => ({ default: m.NewCodes })))

type Open = { at: 'setup' | 'off' | 'codes' } | { at: 'show'; codes: readonly string[] } | null

/** The second factor: an authenticator app, passkeys, and the codes for the day the phone is gone. */
export function FactorCards({ hasPassword }: { hasPassword: boolean }) {
  const factors = useQuery(query(factorsView))
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  /** After a change; codes that came with it are shown next, as nobody can read them later. */
  const changed = async (codes: readonly string[] | null) => {
    setOpen(codes === null ? null : { at: 'show', codes })
    await refresh(factorsView)
  }
  if (factors.isPending)
    return (
      <Card title="Second factor">
        <Skeleton rows={3} />
      </Card>
    )
  if (factors.isError)
    return (
      <Card title="Second factor">
        <ErrorState
          title="Your second factors could not be loaded"
          error={factors.error}
          onRetry={factors.refetch}
        />
      </Card>
    )
  const { data } = factors
  return (
    <>
      <Card title="Second factor" id="factor" flush>
        {data.totp === null && data.passkeys.length === 0 ? (
          <div className="p-4 pb-1">
            <Note>
              <b>A stolen password is enough to be you.</b> With an authenticator app or a passkey it is not.
            </Note>
          </div>
        ) : null}
        <ul className="acclist">
          <li>
            <StateGlyph state={data.totp ? 'ok' : 'off'} />
            <div className="grow">
              <b>Authenticator app</b>
              <span className="t2 sm">
                {data.totp
                  ? `On since ${moment(data.totp.since)}`
                  : 'Six digits from your phone, a new code every 30 s'}
              </span>
            </div>
            {data.totp ? (
              <Button size="sm" onClick={() => setOpen({ at: 'off' })}>
                Turn off
              </Button>
            ) : (
              <Button size="sm" kind="primary" onClick={() => setOpen({ at: 'setup' })}>
                Set up
              </Button>
            )}
          </li>
          {data.recoveryCodes === null ? null : (
            <Codes codes={data.recoveryCodes} onNew={() => setOpen({ at: 'codes' })} />
          )}
        </ul>
      </Card>
      <PasskeysCard factors={data} hasPassword={hasPassword} onChanged={(codes) => void changed(codes)} />
      <Suspense>
        {open?.at === 'setup' ? <TotpSetup onClose={close} onDone={(codes) => void changed(codes)} /> : null}
        {open?.at === 'off' ? (
          <TotpOff
            factors={data}
            hasPassword={hasPassword}
            onClose={close}
            onDone={() => void changed(null)}
          />
        ) : null}
        {open?.at === 'codes' ? (
          <NewCodes
            factors={data}
            hasPassword={hasPassword}
            onClose={close}
            onDone={(codes) => void changed(codes)}
          />
        ) : null}
        {open?.at === 'show' ? <RecoveryCodes codes={open.codes} onClose={close} /> : null}
      </Suspense>
    </>
  )
}

function Codes({ codes, onNew }: { codes: NonNullable<Factors['recoveryCodes']>; onNew: () => void }) {
  const few = codes.left < 3
  return (
    <li>
      <StateGlyph state={few ? 'warn' : 'ok'} />
      <div className="grow">
        <b>
          {codes.left} of {codes.of} recovery codes left
        </b>
        <span className="t2 sm">For the day the phone is gone. Each works once.</span>
      </div>
      <Button size="sm" onClick={onNew}>
        New codes
      </Button>
    </li>
  )
}
