import { type Passkey, passkeyRemove, recoveryCodesMake, totpDisable } from '@argos/contract'
import { call } from '../../api/call.ts'
import { toast } from '../../ui/Toast.tsx'
import { ProveDialog, type ProveProps } from './ProveDialog.tsx'
import { soon } from './words.ts'

/** What stays when one factor goes. */
const afterwards = (others: number): string =>
  others === 0
    ? 'Your account then has no second factor, and no recovery codes.'
    : 'Your other second factors stay.'

export const TotpOff = ({ onDone, ...rest }: ProveProps & { onDone: () => void }) => (
  <ProveDialog
    {...rest}
    title="Turn the authenticator app off?"
    lead={afterwards(rest.factors.passkeys.length)}
    action="Turn off"
    send={async (proof) => {
      const { atOnce } = await call(totpDisable, { body: proof })
      toast(`The authenticator app is off.${soon(atOnce)}`)
      onDone()
    }}
  />
)

export const NewCodes = ({
  onDone,
  ...rest
}: ProveProps & { onDone: (codes: readonly string[]) => void }) => (
  <ProveDialog
    {...rest}
    title="Make new recovery codes?"
    lead="The ones you have end at once."
    action="Make new codes"
    send={async (proof) => onDone((await call(recoveryCodesMake, { body: proof })).recoveryCodes)}
  />
)

interface RemoveProps extends ProveProps {
  passkey: Passkey
  onDone: () => void
}
export const PasskeyOff = ({ passkey, onDone, ...rest }: RemoveProps) => (
  <ProveDialog
    {...rest}
    title={`Remove ${passkey.name}?`}
    lead={afterwards(rest.factors.passkeys.length - 1 + (rest.factors.totp ? 1 : 0))}
    action="Remove passkey"
    send={async (proof) => {
      const { atOnce } = await call(passkeyRemove, { params: { id: passkey.id }, body: proof })
      toast(`${passkey.name} is removed.${soon(atOnce)}`)
      onDone()
    }}
  >
    <p className="t2">Delete it in the browser or key as well: nobody else can do that.</p>
  </ProveDialog>
)
