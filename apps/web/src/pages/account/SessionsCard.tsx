import { type SessionView, sessionEnd, sessionEndOthers, sessionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Monitor, Smartphone, SquareTerminal } from 'lucide-react'
import { useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { query, refresh } from '../../api/query.ts'
import { Ago } from '../../components/Time.tsx'
import { deviceOf } from '../../lib/device.ts'
import { things } from '../../lib/words.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { soon } from './words.ts'

const icons = { phone: <Smartphone />, computer: <Monitor />, program: <SquareTerminal /> }
const methods: Record<SessionView['method'], string> = {
  setup: 'with the setup link',
  password: 'with the password',
  passkey: 'with a passkey',
  oidc: 'with single sign-on',
}

/** Runs one act of this card and says what came of it. */
async function act(work: () => Promise<string>): Promise<void> {
  try {
    toast(await work())
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code !== 'unauthenticated') toast(error.message, { state: 'bad' })
  } finally {
    await refresh(sessionList)
  }
}

/** Where one is signed in, each with its end. Ending one also ends what apps have open of it. */
export function SessionsCard() {
  const list = useQuery({ ...query(sessionList), refetchInterval: 30_000 })
  const [busy, setBusy] = useState('')
  const run = (id: string, work: () => Promise<string>) => {
    setBusy(id)
    void act(work).finally(() => setBusy(''))
  }
  const sessions = list.data?.sessions ?? []
  const others = sessions.filter(({ current }) => !current).length
  const endOthers = async () => {
    const { ended, atOnce } = await call(sessionEndOthers)
    return `Signed out ${things(ended, 'other browser')}.${soon(atOnce)}`
  }
  return (
    <Card
      title="Where you are signed in"
      id="sessions"
      flush
      aside={
        others === 0 ? undefined : (
          <Button size="sm" busy={busy === 'others'} onClick={() => run('others', endOthers)}>
            Sign out others
          </Button>
        )
      }
    >
      {list.isPending ? <Skeleton rows={2} /> : null}
      {list.isError ? (
        <ErrorState title="Your sessions could not be loaded" error={list.error} onRetry={list.refetch} />
      ) : null}
      <ul className="acclist">
        {sessions.map((session) => {
          const { id, current, address, lastSeenAt, method, userAgent } = session
          const device = deviceOf(userAgent)
          const end = async () => {
            const { atOnce } = await call(sessionEnd, { params: { id } })
            return `Signed out ${device.name}.${soon(atOnce)}`
          }
          return (
            <li key={id}>
              {icons[device.kind]}
              <div className="grow">
                <b>
                  {device.name} {current ? <Chip tone="acc">this browser</Chip> : null}
                </b>
                <span className="t2 sm">
                  <code>{address}</code> · {methods[method]} ·{' '}
                  <span className="t3">
                    {current ? (
                      'in use now'
                    ) : (
                      <>
                        seen <Ago at={lastSeenAt} />
                      </>
                    )}
                  </span>
                </span>
              </div>
              {current ? null : (
                <Button
                  size="xs"
                  busy={busy === id}
                  aria-label={`Sign out ${device.name} at ${address}`}
                  onClick={() => run(id, end)}
                >
                  Sign out
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
