import { poolList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { query } from '../../api/query.ts'
import { useLeave } from '../../hooks/leave.ts'
import { useTitle } from '../../hooks/page.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { useHosts } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Published, PublishedFooter } from './Published.tsx'
import { PublishFooter } from './PublishFooter.tsx'
import { PublishSteps } from './PublishSteps.tsx'
import type { Done } from './publish-form.ts'
import { usePublish } from './use-publish.ts'
import './publish.css'

/** The drawer that publishes a service, over the list of hosts. */
export function HostNew() {
  useTitle('Publish a service')
  const go = useGo()
  const [done, setDone] = useState<Done | null>(null)
  const [round, setRound] = useState(0)
  const close = () => go(paths.hosts())
  return done === null ? (
    <PublishDrawer key={round} onDone={setDone} onClose={close} />
  ) : (
    <Drawer
      open
      wide
      onClose={close}
      title={done.host.enabled ? 'Published' : 'Saved, paused'}
      lead={done.host.enabled ? 'Each line is measured, not read from the settings.' : undefined}
      footer={
        <PublishedFooter
          done={done}
          onUndone={close}
          onAnother={() => {
            setDone(null)
            setRound(round + 1)
          }}
        />
      }
    >
      <Published done={done} />
    </Drawer>
  )
}

function PublishDrawer({ onDone, onClose }: { onDone: (done: Done) => void; onClose: () => void }) {
  const first = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const hosts = useHosts().data?.hosts ?? []
  const pools = useQuery(query(poolList)).data?.pools ?? []
  const publish = usePublish({ hosts, pools, body, onDone })
  const { asking, stay, leave } = useLeave(publish.edited && !publish.sent)
  return (
    <Drawer
      open
      wide
      dirty={publish.edited}
      onClose={onClose}
      title="Publish a service"
      lead="Paste where it runs. Argos fills in the rest; change what you like."
      initialFocus={first}
      footer={
        asking ? (
          <>
            <span className="grow" role="alert">
              Leave without publishing? What you typed is lost.
            </span>
            <Button autoFocus onClick={stay}>
              Stay
            </Button>
            <Button kind="danger" onClick={leave}>
              Leave
            </Button>
          </>
        ) : (
          <PublishFooter publish={publish} />
        )
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl Enter publishes from any of the fields inside */}
      <div
        ref={body}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) publish.send(true)
        }}
      >
        <PublishSteps publish={publish} pools={pools} first={first} />
      </div>
    </Drawer>
  )
}
