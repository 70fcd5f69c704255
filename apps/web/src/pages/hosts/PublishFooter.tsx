import { CornerDownLeft } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import type { Publish } from './use-publish.ts'

/** The way out of the form: saved and paused, or live. */
export function PublishFooter({ publish }: { publish: Publish }) {
  const refused = publish.preview.preview?.edge.accepted === false && 'The edge would not take it; see above.'
  const name = publish.domains[0]?.trim()
  return (
    <>
      <span className="grow t3 sm phone-hide">Undo removes it again.</span>
      <Button busy={publish.busy} onClick={() => publish.send(false)}>
        Save, keep paused
      </Button>
      <Button
        kind="primary"
        busy={publish.busy}
        disabledReason={refused}
        onClick={() => publish.send(true)}
        aria-keyshortcuts="Control+Enter"
      >
        <span className="cut">
          Publish{name && publish.whole ? <span className="phone-hide"> {name}</span> : null}
        </span>
        <span className="keys phone-hide">
          <kbd>Ctrl</kbd>
          <kbd>
            <CornerDownLeft className="size-2.5" />
          </kbd>
        </span>
      </Button>
    </>
  )
}
