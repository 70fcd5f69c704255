import { type GuestLink, guestLinkDelete, guestLinkList, type Host } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { query, refresh } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { Ago } from '../../components/Time.tsx'
import { useNow } from '../../hooks/now.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { toast } from '../../ui/Toast.tsx'
import '../../components/rows.css'
import { guestLight, usesWords, whereWords } from './guest.ts'

const GuestLinkDrawer = lazy(() =>
  import('./GuestLinkDrawer.tsx').then((m) => ({ default: m.GuestLinkDrawer })),
)

/** Links that open this host for a time, without an account: who made them, and how often they were opened. */
export function GuestLinks({ host }: { host: Host }) {
  const view = useQuery({
    ...query(guestLinkList, { params: { id: host.id } }),
    refetchInterval: 15_000,
    placeholderData: () => undefined,
  })
  const [making, setMaking] = useState(false)
  const [asked, setAsked] = useState<GuestLink | null>(null)
  const now = useNow()
  const links = view.data?.guestLinks ?? []
  return (
    <Card
      title="Guest links"
      flush
      aside={
        <Button size="sm" icon={<Plus />} onClick={() => setMaking(true)}>
          Add a link
        </Button>
      }
    >
      {view.isError && !view.data ? (
        <div className="p-4">
          <ErrorState
            title="Guest links could not be loaded"
            error={view.error}
            onRetry={() => void view.refetch()}
          />
        </div>
      ) : !view.data ? (
        <div className="px-4">
          <Skeleton rows={2} />
        </div>
      ) : links.length === 0 ? (
        <p className="t2 p-4">
          None. A guest link opens this host for a time to whoever has it, without an account.
        </p>
      ) : (
        <ul className="rows links">
          {links.map((link) => {
            const light = guestLight(link, now)
            return (
              <li key={link.id}>
                <span className="grow">
                  <b className="cut block">{link.name}</b>
                  <span className="t2 sm block">
                    {whereWords(link)} · opened by {usesWords(link)}
                    {link.lastUsedAt === null ? null : (
                      <>
                        , last <Ago at={link.lastUsedAt} />
                      </>
                    )}
                  </span>
                </span>
                <span className="t2 sm">
                  <Status state={light.state}>{light.words}</Status>
                </span>
                <Button size="sm" onClick={() => setAsked(link)}>
                  {light.state === 'off' ? 'Remove…' : 'Take back…'}
                  <span className="sr"> the guest link {link.name}</span>
                </Button>
              </li>
            )
          })}
        </ul>
      )}
      <Suspense>{making ? <GuestLinkDrawer host={host} onClose={() => setMaking(false)} /> : null}</Suspense>
      {asked === null ? null : <TakeBack link={asked} onClose={() => setAsked(null)} />}
    </Card>
  )
}

function TakeBack({ link, onClose }: { link: GuestLink; onClose: () => void }) {
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const run = () =>
    void submit.run(async () => {
      const { atOnce } = await call(guestLinkDelete, { params: { id: link.id } })
      void refresh(guestLinkList)
      if (atOnce) toast(`${link.name} opens nothing any more`)
      else toast('Taken back. The edge does not answer: pages open by it end within 30 s.', { state: 'warn' })
      onClose()
    })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Take back the guest link ${link.name}?`}
      lead={
        link.uses === 0
          ? 'Nobody has opened it.'
          : `Whoever came in by it is out at once: ${usesWords(link)}.`
      }
      onSubmit={run}
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Keep it
          </Button>
          <Button kind="danger" type="submit" busy={submit.busy}>
            Take back
          </Button>
        </>
      }
    >
      <div ref={body}>
        <Refusal problem={submit.problem} shows={() => false} />
      </div>
    </Dialog>
  )
}
