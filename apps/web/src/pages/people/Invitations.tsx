import { type Invitation, invitationDelete, invitationList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { Ago } from '../../components/Time.tsx'
import { useNow } from '../../hooks/now.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { span } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { toast } from '../../ui/Toast.tsx'
import '../../components/rows.css'
import { settlePeople } from './settle.ts'
import { invitationLight, invitedWords, roleWords } from './words.ts'

/** Invitations that are open, and what became of the latest others. Nothing is drawn while there is none. */
export function Invitations() {
  const view = useQuery({ ...query(invitationList), refetchInterval: 30_000 })
  const [asked, setAsked] = useState<Invitation | null>(null)
  const now = useNow()
  const all = view.data?.invitations ?? []
  if (all.length === 0 && asked === null) return null
  return (
    <>
      <Card
        title="Invitations"
        flush
        className="mt-4"
        aside={<span className="t3 sm">of the last 30 days</span>}
      >
        <ul className="rows links">
          {all.map((one) => {
            const light = invitationLight(one, now)
            const open = light.words === 'open'
            return (
              <li key={one.id}>
                <span className="grow">
                  <b className="cut block">{invitedWords(one)}</b>
                  <span className="t2 sm block">
                    {[roleWords[one.role], ...one.groups.map((group) => group.name)].join(', ')} · by{' '}
                    {one.createdBy}, <Ago at={one.createdAt} />
                  </span>
                </span>
                <span className="t2 sm">
                  <Status state={light.state}>
                    {open ? `open for ${span(one.expiresAt - now)}` : light.words}
                  </Status>
                </span>
                {open ? (
                  <Button size="sm" onClick={() => setAsked(one)}>
                    Take back…<span className="sr"> the invitation for {invitedWords(one)}</span>
                  </Button>
                ) : null}
              </li>
            )
          })}
        </ul>
      </Card>
      {asked === null ? null : <TakeBack invitation={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

function TakeBack({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const run = () =>
    void submit.run(async () => {
      await call(invitationDelete, { params: { id: invitation.id } })
      settlePeople()
      toast('Taken back')
      onClose()
    })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Take back the invitation for ${invitedWords(invitation)}?`}
      lead="Its link stops working. You can make another one."
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
