import { Compass } from 'lucide-react'
import { ButtonLink } from '../components/Link.tsx'
import { useTitle } from '../hooks/page.ts'
import { paths } from '../lib/paths.ts'
import { Empty } from '../ui/Feedback.tsx'

export function NotFound() {
  useTitle('Not found')
  return (
    <div className="page">
      <Empty
        icon={<Compass />}
        title="Nothing is at this address"
        action={<ButtonLink to={paths.overview()}>Go to the overview</ButtonLink>}
      >
        The thing may have been deleted or renamed. Ctrl K finds hosts and pages by name.
      </Empty>
    </div>
  )
}
