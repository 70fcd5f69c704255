import type { ApiError } from '../../api/call.ts'
import { Said } from '../../components/Said.tsx'
import { Trouble } from './Problem.tsx'

/** Why nothing came of it, unless all of that stands beside its field. `shown` are the fields that can say it. */
export function FormRefusal({ problem, shown }: { problem: ApiError | null; shown: readonly string[] }) {
  if (problem === null) return null
  const inPlace = problem.fields.length > 0 && problem.fields.every(({ path }) => shown.includes(path))
  if (inPlace) return null
  return (
    <Trouble>
      <Said message={problem.message} />
    </Trouble>
  )
}
