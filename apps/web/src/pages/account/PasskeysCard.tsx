import type { Factors, Passkey } from '@argos/contract'
import { KeyRound, Pencil, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Ago } from '../../components/Time.tsx'
import { passkeysWork } from '../../lib/webauthn.ts'
import { Chip } from '../../ui/Badges.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'

const PasskeyOff = lazy(() => import('./FactorActs.tsx').then((m) => ({ default: m.PasskeyOff })))
const PasskeyNew = lazy(() => import('./PasskeyDialogs.tsx').then((m) => ({ default: m.PasskeyNew })))
const PasskeyRename = lazy(() => import('./PasskeyDialogs.tsx').then((m) => ({ default: m.PasskeyRename })))

interface Props {
  factors: Factors
  hasPassword: boolean
  onChanged: (codes: readonly string[] | null) => void
}

/** Why none can be added here; false when one can. */
const whyNot = ({ passkeysHere }: Factors): string | false => {
  if (!passkeysHere.possible) return passkeysHere.problem ?? 'Passkeys do not work at this address.'
  return (
    !passkeysWork() && 'This browser knows no passkeys, or this page was not opened under a name with HTTPS.'
  )
}

export function PasskeysCard({ factors, hasPassword, onChanged }: Props) {
  const [open, setOpen] = useState<{ at: 'new' } | { at: 'rename' | 'remove'; passkey: Passkey } | null>(null)
  const close = () => setOpen(null)
  const done = (codes: readonly string[] | null) => {
    close()
    onChanged(codes)
  }
  const { passkeys } = factors
  return (
    <Card
      title="Passkeys"
      id="passkeys"
      flush={passkeys.length > 0}
      aside={
        <Button size="sm" disabledReason={whyNot(factors)} onClick={() => setOpen({ at: 'new' })}>
          Add a passkey
        </Button>
      }
    >
      {passkeys.length === 0 ? (
        <p className="t2">Sign in with your finger, face, PIN or a security key, without a password.</p>
      ) : (
        <ul className="acclist">
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <KeyRound />
              <div className="grow">
                <b>
                  {passkey.name} {passkey.backedUp ? <Chip>synced</Chip> : null}
                </b>
                <span className="t2 sm">
                  added <Ago at={passkey.createdAt} /> ·{' '}
                  {passkey.lastUsedAt === null ? (
                    'not used yet'
                  ) : (
                    <>
                      used <Ago at={passkey.lastUsedAt} />
                    </>
                  )}
                </span>
              </div>
              <span className="acts">
                <IconButton
                  size="sm"
                  label={`Rename ${passkey.name}`}
                  icon={<Pencil />}
                  onClick={() => setOpen({ at: 'rename', passkey })}
                />
                <IconButton
                  size="sm"
                  label={`Remove ${passkey.name}`}
                  icon={<Trash2 />}
                  onClick={() => setOpen({ at: 'remove', passkey })}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {open?.at === 'new' ? <PasskeyNew onClose={close} onDone={done} /> : null}
        {open?.at === 'rename' ? (
          <PasskeyRename passkey={open.passkey} onClose={close} onDone={() => done(null)} />
        ) : null}
        {open?.at === 'remove' ? (
          <PasskeyOff
            passkey={open.passkey}
            factors={factors}
            hasPassword={hasPassword}
            onClose={close}
            onDone={() => done(null)}
          />
        ) : null}
      </Suspense>
    </Card>
  )
}
