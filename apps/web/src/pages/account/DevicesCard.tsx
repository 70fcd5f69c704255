import { type AppPassword, appPasswordDelete, appPasswordList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Smartphone } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { query, refresh } from '../../api/query.ts'
import { Ago } from '../../components/Time.tsx'
import { moment } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { soon } from './words.ts'

const DeviceNew = lazy(() => import('./DeviceNew.tsx').then((m) => ({ default: m.DeviceNew })))

/** App passwords: what phones, televisions and programs send in place of signing in. */
export function DevicesCard() {
  const list = useQuery(query(appPasswordList))
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<AppPassword | null>(null)
  const passwords = list.data?.appPasswords ?? []
  const hosts = list.data?.hosts ?? []
  return (
    <Card
      title="Phones, TVs and programs"
      id="devices"
      flush={passwords.length > 0}
      aside={
        list.data === undefined ? undefined : (
          <Button
            size="sm"
            disabledReason={hosts.length === 0 && 'No app that is shared with you asks for a sign-in.'}
            onClick={() => setMaking(true)}
          >
            Connect a device
          </Button>
        )
      }
    >
      {list.isPending ? <Skeleton rows={2} /> : null}
      {list.isError ? (
        <ErrorState
          title="Your app passwords could not be loaded"
          error={list.error}
          onRetry={list.refetch}
        />
      ) : null}
      {list.data !== undefined && passwords.length === 0 ? (
        <p className="t2">
          TVs and phone apps cannot open a sign-in page. Give each one its own password: it works for one app,
          and you can take it back without changing yours.
        </p>
      ) : null}
      <ul className="acclist">
        {passwords.map((password) => (
          <li key={password.id}>
            <Smartphone />
            <div className="grow">
              <b>{password.name}</b>
              <span className="t2 sm">
                {password.host.name}
                {password.expiresAt === null ? '' : ` · until ${moment(password.expiresAt)}`} ·{' '}
                <span className="t3">
                  {password.lastUsedAt === null ? (
                    'not used yet'
                  ) : (
                    <>
                      used <Ago at={password.lastUsedAt} />
                      {password.lastAddress === null ? '' : ` from ${password.lastAddress}`}
                    </>
                  )}
                </span>
              </span>
            </div>
            <Button size="xs" aria-label={`Remove ${password.name}`} onClick={() => setRemoving(password)}>
              Remove…
            </Button>
          </li>
        ))}
      </ul>
      <Suspense>
        {making ? (
          <DeviceNew
            hosts={hosts}
            onClose={() => {
              setMaking(false)
              void refresh(appPasswordList)
            }}
          />
        ) : null}
      </Suspense>
      {removing === null ? null : <Remove password={removing} onClose={() => setRemoving(null)} />}
    </Card>
  )
}

function Remove({ password, onClose }: { password: AppPassword; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const remove = async () => {
    setBusy(true)
    try {
      const { atOnce } = await call(appPasswordDelete, { params: { id: password.id } })
      toast(`${password.name} is removed.${soon(atOnce)}`)
      onClose()
      await refresh(appPasswordList)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error.message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${password.name}?`}
      lead={`It gets into ${password.host.name} no more, at once.`}
      onSubmit={() => void remove()}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger-fill" type="submit" className="end" busy={busy}>
            Remove
          </Button>
        </>
      }
    >
      {problem === null ? undefined : (
        <Note tone="bad" alert>
          {problem}
        </Note>
      )}
    </Dialog>
  )
}
