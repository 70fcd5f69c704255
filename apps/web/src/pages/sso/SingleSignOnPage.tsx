import { useCrumb } from '../../hooks/crumb.ts'
import { useTitle } from '../../hooks/page.ts'
import { PageHead } from '../../ui/Page.tsx'

export function SingleSignOnPage() {
  useTitle('Single sign-on')
  useCrumb('Single sign-on')
  return <PageHead title="Single sign-on" />
}
