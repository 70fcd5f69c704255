import { Skeleton } from '../ui/Feedback.tsx'

/** Shown only when a page's code takes longer than 300 ms. */
export const Pending = () => (
  <div className="page">
    <Skeleton rows={8} />
  </div>
)
