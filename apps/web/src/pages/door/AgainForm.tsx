import {
  type FactorMethod,
  type Factors,
  factorPasskeyOptions,
  factorsView,
  type Me,
  meView,
  type StepUp,
  signInMethods,
  stepUp,
} from '@argos/contract'
import { useEffect, useState } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { sessionIs } from '../../api/session.ts'
import { Said } from '../../components/Said.tsx'
import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { FactorForm } from './FactorForm.tsx'
import { OwnPasswordForm } from './OwnPasswordForm.tsx'
import { goToProvider } from './oidc.ts'
import { Trouble } from './Problem.tsx'

interface Known {
  readonly me: Me
  readonly factors: FactorMethod[]
  /** The provider's name, when there is one. */
  readonly provider: string | null
}

export const methodsOf = ({ totp, passkeys, recoveryCodes }: Factors): FactorMethod[] => [
  ...(totp ? (['totp'] as const) : []),
  ...(passkeys.length > 0 ? (['passkey'] as const) : []),
  ...(recoveryCodes && recoveryCodes.left > 0 ? (['recovery'] as const) : []),
]

async function find(): Promise<Known> {
  const [me, factors, { methods }] = await Promise.all([call(meView), call(factorsView), call(signInMethods)])
  sessionIs(me)
  const provider = methods.find((method) => method.kind === 'oidc')
  return { me, factors: methodsOf(factors), provider: provider?.name ?? null }
}

interface Props {
  /** Only a second factor counts; else the password does as well. */
  fresh?: boolean
  onDone: (me: Me) => void
}

/** Has the person who is signed in prove once more who they are, in a way that their account knows. */
export function AgainForm({ fresh = false, onDone }: Props) {
  const [known, setKnown] = useState<Known | ApiError | null>(null)
  const [way, setWay] = useState<'password' | 'factor' | null>(null)
  useEffect(() => {
    find()
      .then(setKnown)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setKnown(error)
      })
  }, [])
  if (known === null) return <div className="otphold" role="status" aria-label="Loading" />
  if (known instanceof ApiError)
    return (
      <Trouble>
        <Said message={known.message} />
      </Trouble>
    )
  const { me, factors, provider } = known
  const send = async (proof: StepUp) => {
    const next = await call(stepUp, { body: proof })
    sessionIs(next)
    onDone(next)
  }
  const password = !fresh && me.user.hasPassword
  const now = way ?? (password ? 'password' : 'factor')
  const here = location.pathname + location.search
  const atProvider =
    !fresh && !me.user.hasPassword && provider !== null ? (
      <button
        type="button"
        className={buttonClass({ size: 'lg', full: true })}
        onClick={() => void goToProvider('again', here)}
      >
        Continue with {provider}
      </button>
    ) : null
  if (now === 'password')
    return (
      <OwnPasswordForm
        username={me.user.username}
        send={(typed) => send({ method: 'password', password: typed })}
        others={
          factors.length === 0 ? null : (
            <button type="button" className="link" onClick={() => setWay('factor')}>
              Use your second factor instead
            </button>
          )
        }
      />
    )
  if (factors.length > 0)
    return (
      <FactorForm
        methods={factors}
        askPasskey={async () => (await call(factorPasskeyOptions)).passkey}
        send={send}
        others={
          password ? (
            <button type="button" className="link" onClick={() => setWay('password')}>
              Use your password instead
            </button>
          ) : (
            atProvider
          )
        }
      />
    )
  if (atProvider !== null) return atProvider
  return (
    <>
      <p className="t2">
        Your account has no second factor yet. Set one up under “My account”, then open the app again.
      </p>
      <a className={buttonClass({ kind: 'primary', size: 'lg', full: true })} href={paths.account('factor')}>
        Set one up
      </a>
    </>
  )
}
