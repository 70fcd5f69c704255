import { type Host, hostDelete, hostView, revisionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { settle, useSend } from '../../components/host-actions/send.ts'
import { ButtonLink } from '../../components/Link.tsx'
import { hostName, publicUrl } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { span } from '../../lib/time.ts'
import { useSystem } from '../../shell/status.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Note, ProgressList } from '../../ui/Feedback.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { headline, promises, settled } from './promises.ts'
import type { Done } from './publish-form.ts'

/** Follows a new host until the edge, its certificate and its upstream have been seen. */
function useFollowed(done: Done): Host {
  const view = useQuery({
    ...query(hostView, { params: { id: done.host.id } }),
    refetchInterval: (q) => (q.state.data && settled(q.state.data) ? 5_000 : 500),
    placeholderData: done.host,
    staleTime: 0,
  })
  return view.data ?? done.host
}

export function Published({ done }: { done: Done }) {
  const host = useFollowed(done)
  const live = host.state.edge === 'live'
  const [liveAt, setLiveAt] = useState<number>()
  useEffect(() => {
    if (live) setLiveAt((old) => old ?? Date.now())
  }, [live])
  const revision = useQuery({
    ...query(revisionList, { query: { host: host.id, limit: 1 } }),
    enabled: host.state.edge !== 'applying',
    refetchInterval: (q) => (q.state.data?.revisions.length ? false : 1_000),
  }).data?.revisions[0]
  const { state, title } = headline(host)
  return (
    <>
      <div className="big" role="status">
        <StateGlyph state={state} size={14} />
        <h3>{title}</h3>
        {liveAt === undefined ? null : (
          <p className="t2">From the first letter to live in {span(liveAt - done.startedAt)}.</p>
        )}
      </div>
      <div className="narrow">
        <ProgressList label="What was tested" items={promises(host, done.saved.generation, revision)} />
        {host.state.trouble === null ? null : (
          <Note
            tone="bad"
            alert
            actions={
              <ButtonLink size="sm" to={paths.hostTab(host.id, 'routing')}>
                Change it
              </ButtonLink>
            }
          >
            <b>The edge would not take it.</b> {host.state.trouble.message}
          </Note>
        )}
      </div>
    </>
  )
}

interface FooterProps {
  done: Done
  onUndone: () => void
  onAnother: () => void
}
export function PublishedFooter({ done, onUndone, onAnother }: FooterProps) {
  const host = useFollowed(done)
  const name = hostName(host)
  const url = publicUrl(name, host.tls, useSystem().data?.ports)
  const { busy, problem, send } = useSend(async () => {
    const { saved } = await call(hostDelete, { params: { id: host.id } })
    settle(saved, `Took ${name} back`)
  }, onUndone)
  return (
    <>
      <Button icon={<Undo2 />} busy={busy} onClick={send}>
        Undo
      </Button>
      <span className="grow bad sm" role="alert">
        {problem?.message}
      </span>
      <Button onClick={onAnother}>Publish another</Button>
      {url !== null && host.state.edge === 'live' ? (
        <a className={buttonClass({ kind: 'primary' })} href={url} target="_blank" rel="noreferrer">
          Open it <ExternalLink />
        </a>
      ) : (
        <ButtonLink kind="primary" to={paths.host(host.id)}>
          Show the host
        </ButtonLink>
      )}
    </>
  )
}
