import { type OidcSettingsView, oidcSettingsView, oidcSwitch, signInMethods } from '@argos/contract'
import { useRef } from 'react'
import { call } from '../../api/call.ts'
import { refresh } from '../../api/query.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { toast } from '../../ui/Toast.tsx'

/** Switches it on, or off: then its sessions end at once, which is said before. */
export function SwitchDialog({ view, onClose }: { view: OidcSettingsView; onClose: () => void }) {
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const { enabled, name } = view.settings
  const run = () =>
    void submit.run(async () => {
      const { ended } = await call(oidcSwitch, { body: { enabled: !enabled } })
      void refresh(oidcSettingsView, signInMethods)
      toast(
        enabled
          ? `Single sign-on is off${ended === 0 ? '' : `; ${Things(ended, 'session').toLowerCase()} ended`}`
          : `The sign-in page offers ${name}`,
      )
      onClose()
    })
  return (
    <Dialog
      open
      onClose={onClose}
      title={enabled ? 'Switch single sign-on off?' : 'Switch single sign-on on?'}
      lead={
        enabled
          ? view.sessions === 0
            ? 'Nobody is signed in with it now.'
            : `${Things(view.sessions, 'session')} begun with it ${view.sessions === 1 ? 'ends' : 'end'} at once, here and at every host.`
          : `The sign-in page then offers ${name} to everybody.`
      }
      onSubmit={run}
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Cancel
          </Button>
          <Button kind={enabled ? 'danger' : 'primary'} type="submit" busy={submit.busy}>
            {enabled ? 'Switch off' : 'Switch on'}
          </Button>
        </>
      }
    >
      <div ref={body} className="grid gap-3">
        <Refusal problem={submit.problem} shows={() => false} />
        <p>
          {enabled
            ? 'Settings and connected accounts stay. Whoever has no password or passkey cannot sign in until it is on again.'
            : 'Signing in with a password or a passkey stays possible.'}
        </p>
      </div>
    </Dialog>
  )
}
