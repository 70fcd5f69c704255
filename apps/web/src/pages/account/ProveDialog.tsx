import { type AccountProof, type Factors, factorPasskeyOptions } from '@argos/contract'
import { type ReactNode, useRef, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Password } from '../../ui/Password.tsx'
import { methodsOf } from '../door/AgainForm.tsx'
import { FactorForm } from '../door/FactorForm.tsx'

export interface ProveProps {
  factors: Factors
  hasPassword: boolean
  onClose: () => void
}
interface Props extends ProveProps {
  title: string
  lead: string
  action: string
  children?: ReactNode
  send: (proof: AccountProof) => Promise<void>
}

/** For what takes protection away: the password together with the second factor. */
export function ProveDialog({ factors, hasPassword, onClose, title, lead, action, children, send }: Props) {
  const [password, setPassword] = useState('')
  const field = useRef<HTMLInputElement>(null)
  return (
    <Dialog open onClose={onClose} title={title} lead={lead}>
      <div className="grid gap-4">
        {children}
        <FactorForm
          methods={methodsOf(factors)}
          action={action}
          askPasskey={async () => (await call(factorPasskeyOptions)).passkey}
          send={async (factor) => {
            if (hasPassword && password === '') {
              field.current?.focus()
              throw new ApiError(0, {
                code: 'invalid',
                message: 'Enter your password as well.',
                requestId: '',
              })
            }
            await send(hasPassword ? { password, factor } : { factor })
          }}
          before={
            hasPassword ? (
              <Field label="Password">
                <Password
                  ref={field}
                  size="lg"
                  autoFocus
                  autoComplete="current-password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              </Field>
            ) : undefined
          }
        />
      </div>
    </Dialog>
  )
}
