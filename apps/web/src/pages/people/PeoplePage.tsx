import { useTitle } from '../../hooks/page.ts'
import { PageHead } from '../../ui/Page.tsx'

export function PeoplePage() {
  useTitle('People and groups')
  return <PageHead title="People and groups" />
}
