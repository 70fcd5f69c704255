import { useSuspenseQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { meQuery } from '../../api/query.ts'
import { useCrumb } from '../../hooks/crumb.ts'
import { useTitle } from '../../hooks/page.ts'
import { PageHead } from '../../ui/Page.tsx'
import { DevicesCard } from './DevicesCard.tsx'
import { FactorCards } from './FactorCards.tsx'
import { NameCard } from './NameCard.tsx'
import { PasswordCard } from './PasswordCard.tsx'
import { ProviderCard } from './ProviderCard.tsx'
import { SessionsCard } from './SessionsCard.tsx'
import './account.css'

/** Everything about one's own account. `#passkeys` and its like lead to a card. */
export function AccountPage() {
  useTitle('My account')
  useCrumb('My account')
  const { user } = useSuspenseQuery(meQuery).data
  const section = useLocation({ select: ({ hash }) => hash })
  useEffect(() => {
    if (section !== '') document.getElementById(section)?.scrollIntoView({ block: 'start' })
  }, [section])
  return (
    <>
      <PageHead
        title="My account"
        lead={user.role === 'admin' ? 'You run this edge.' : 'How you sign in, and where you are signed in.'}
      />
      <div className="cols">
        <div className="c8 grid gap-4">
          <FactorCards hasPassword={user.hasPassword} />
          <DevicesCard />
          <SessionsCard />
        </div>
        <div className="c4 grid gap-4">
          <NameCard user={user} />
          {user.hasPassword ? <PasswordCard username={user.username} /> : null}
          <ProviderCard hasPassword={user.hasPassword} />
        </div>
      </div>
    </>
  )
}
