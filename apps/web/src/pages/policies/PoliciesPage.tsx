import { useTitle } from '../../hooks/page.ts'
import { PageHead } from '../../ui/Page.tsx'

export function PoliciesPage() {
  useTitle('Policies')
  return <PageHead title="Policies" />
}
