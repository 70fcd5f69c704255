import type { Host } from '@argos/contract'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { inView, type View, viewLabels, views } from './listing.ts'

/** Saved views as pills; a count only where there is something. */
export const HostViews = ({ hosts, view }: { hosts: readonly Host[]; view: View }) => (
  <nav className="views" aria-label="Views">
    {views.map((v) => {
      const n = hosts.filter((host) => inView(host, v)).length
      return n === 0 && v !== view ? null : (
        <Link
          key={v}
          to={paths.hosts({ view: v })}
          {...(v === view ? { 'aria-current': 'true' as const } : {})}
        >
          {viewLabels[v]}
          <span>{n}</span>
        </Link>
      )
    })}
  </nav>
)
