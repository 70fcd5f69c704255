import { type Revision, revisionDiff } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Skeleton } from '../../ui/Feedback.tsx'
import { Select } from '../../ui/Select.tsx'
import { Objects } from './Differences.tsx'
import { type Against, comparedWords } from './words.ts'

interface Props {
  number: number
  against: Against
  onAgainst: (against: Against) => void
  /** Revisions to choose from. */
  near: readonly Pick<Revision, 'number' | 'words'>[]
}

/** How the settings differ between this revision and another one, or now. */
export function Compare({ number, against, onAgainst, near }: Props) {
  const asked = useQuery({
    ...query(revisionDiff, { params: { number }, query: against === 'now' ? {} : { to: against } }),
    // Another pair's difference must not stand under this one's heading.
    placeholderData: () => undefined,
  })
  const others = near.filter((revision) => revision.number !== number)
  const options = [
    { value: 'now', label: 'what is saved now' },
    ...others.map((revision) => ({
      value: String(revision.number),
      label: `r${revision.number}  ${revision.words[0] ?? ''}`,
    })),
    ...(against !== 'now' && !others.some((revision) => revision.number === against)
      ? [{ value: String(against), label: `r${against}` }]
      : []),
  ]
  return (
    <div className="grid gap-3">
      <div className="row wrap g2">
        <span className="t2 sm">From r{number} to</span>
        <div className="w-72 max-w-full">
          <Select
            size="sm"
            label="Compare with"
            value={String(against)}
            onChange={(value) => onAgainst(value === 'now' ? 'now' : Number(value))}
            options={options}
          />
        </div>
      </div>
      {asked.data ? (
        <>
          <p className="t2 sm" role="status">
            {comparedWords(asked.data.objects)}
          </p>
          <Objects objects={asked.data.objects} linesOnly />
        </>
      ) : asked.isError ? (
        <p className="t2" role="alert">
          {asked.error.message}
        </p>
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  )
}
