import { portalView } from '@argos/contract'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { LayoutGrid } from 'lucide-react'
import { meQuery, query } from '../../api/query.ts'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { AppLink } from './AppLink.tsx'
import { found, recent, shelves, useOpenings } from './apps.ts'
import { DevicesCard } from './DevicesCard.tsx'
import { SignInCard } from './SignInCard.tsx'
import './portal.css'

/** The page of those who only want to open something: their apps, their devices, how they sign in. */
export function PortalPage() {
  useTitle('Your apps')
  return (
    <div className="pp">
      <div className="l">
        <h1 tabIndex={-1}>Your apps</h1>
        <Apps />
      </div>
      <aside className="r" aria-label="Your account">
        <DevicesCard />
        <SignInCard />
      </aside>
    </div>
  )
}

function Apps() {
  const { user } = useSuspenseQuery(meQuery).data
  const portal = useQuery({ ...query(portalView), refetchInterval: 30_000 })
  const [openings, opened] = useOpenings(user.id)
  const [typed] = useUrlState('q')
  if (portal.isPending) return <Skeleton rows={6} />
  if (portal.isError)
    return <ErrorState title="Your apps could not be loaded" error={portal.error} onRetry={portal.refetch} />
  const { apps } = portal.data
  if (apps.length === 0) {
    return (
      <Empty icon={<LayoutGrid />} title="Nothing is shared with you yet">
        Whoever runs this home says which apps you may open. They appear here by themselves.
      </Empty>
    )
  }
  if (typed !== '') {
    const fit = found(apps, typed)
    return (
      <>
        <h2 role="status">
          {fit.length === 0 ? `No app of yours is called “${typed}”` : `Found by “${typed}”`}
        </h2>
        <List apps={fit} onOpen={opened} />
      </>
    )
  }
  const last = recent(apps, openings)
  return (
    <>
      {last.length === 0 ? null : (
        <ul className="recent" aria-label="Opened last">
          {last.map((app) => (
            <li key={app.hostId}>
              <AppLink app={app} openedAt={openings[app.hostId]} onOpen={opened} />
            </li>
          ))}
        </ul>
      )}
      {shelves(apps).map((shelf) => (
        <section key={shelf.title}>
          <h2>{shelf.title}</h2>
          <List apps={shelf.apps} onOpen={opened} />
        </section>
      ))}
      <p className="t2 ask">Missing something? Ask whoever runs this home.</p>
    </>
  )
}

interface ListProps {
  apps: ReturnType<typeof found>
  onOpen: (hostId: string) => void
}
const List = ({ apps, onOpen }: ListProps) => (
  <ul className="apps">
    {apps.map((app) => (
      <li key={app.hostId}>
        <AppLink app={app} onOpen={onOpen} />
      </li>
    ))}
  </ul>
)
