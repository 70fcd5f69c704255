import { oidcLinkView, oidcUnlink, signInMethods } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { query, refresh } from '../../api/query.ts'
import { Said } from '../../components/Said.tsx'
import { paths } from '../../lib/paths.ts'
import { moment } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { goToProvider } from '../door/oidc.ts'

/** The account at the provider of identities, where there is one. */
export function ProviderCard({ hasPassword }: { hasPassword: boolean }) {
  const ways = useQuery(query(signInMethods))
  const linked = useQuery(query(oidcLinkView))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const provider = ways.data?.methods.find((method) => method.kind === 'oidc')
  const link = linked.data?.link ?? null
  if (!linked.data || (provider === undefined && link === null)) return null
  const run = (work: () => Promise<void>) => () => {
    setBusy(true)
    setProblem(null)
    work()
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setProblem(error.message)
      })
      .finally(() => setBusy(false))
  }
  const unlink = async () => {
    await call(oidcUnlink)
    await refresh(oidcLinkView)
    toast('Disconnected. You sign in here with what this account has itself.')
  }
  return (
    <Card title={provider?.name ?? 'Single sign-on'} id="provider">
      <div className="grid gap-3">
        {problem === null ? null : (
          <Note tone="bad" alert>
            <Said message={problem} />
          </Note>
        )}
        {link === null ? (
          <p className="t2">Connect your account there, and sign in with it as well.</p>
        ) : (
          <p className="t2">
            Connected{link.email === null ? '' : ` as ${link.email}`} since {moment(link.at)}.
          </p>
        )}
        <div className="row">
          {link !== null ? (
            <Button
              busy={busy}
              disabledReason={!hasPassword && 'It is the only way you sign in. Ask for a password first.'}
              onClick={run(unlink)}
            >
              Disconnect
            </Button>
          ) : (
            <Button busy={busy} onClick={run(() => goToProvider('link', paths.account('provider')))}>
              Connect {provider?.name}
            </Button>
          )}
        </div>
      </div>
    </Card>
  )
}
