import type { OidcReturn } from '@argos/contract'
import { KeySquare } from 'lucide-react'
import { buttonClass } from '../../ui/button-class.ts'
import type { Attempt } from './attempt.ts'
import type { Provider } from './methods.ts'
import { goToProvider } from './oidc.ts'

interface Props {
  attempt: Attempt
  provider: Provider
  to: string
  authorize: OidcReturn | undefined
}

/** On to the provider of identities. From another address of the panel it first goes to the one the provider knows. */
export function OidcButton({ attempt, provider, to, authorize }: Props) {
  const start = async () => {
    if (provider.origin === location.origin) return goToProvider('sign_in', to, authorize)
    location.assign(new URL(location.pathname + location.search, provider.origin))
  }
  return (
    <button
      type="button"
      className={buttonClass({ size: 'lg', full: true })}
      onClick={() => void attempt.run(start)}
    >
      <KeySquare />
      Continue with {provider.name}
    </button>
  )
}
