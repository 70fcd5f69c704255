import { ButtonLink } from '../../components/Link.tsx'
import { useNow } from '../../hooks/now.ts'
import { moment, since } from '../../lib/time.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import type { Need } from './need.ts'

/** Rows that ask for someone; the first may carry the one filled button of the page's list. */
export function Attention({ needs }: { needs: readonly Need[] }) {
  const now = useNow()
  if (needs.length === 0) {
    return (
      <section className="card" aria-label="Needs attention">
        <p className="body row t2">
          <StateGlyph state="ok" /> Nothing needs you.
        </p>
      </section>
    )
  }
  return (
    <section className="card att" aria-labelledby="att">
      <header>
        <h2 id="att">Needs attention</h2>
        <span className="t3">{needs.length}</span>
      </header>
      <ul>
        {needs.map((need) => (
          <li key={need.id}>
            <span className="g">
              <StateGlyph state={need.state} label="" />
            </span>
            <div className="what">
              <p>
                <b>
                  <Words text={need.thing} />
                </b>{' '}
                {need.verb}
              </p>
              <p className="why">
                <Words text={need.why} />
              </p>
            </div>
            <span className="since" title={need.since === null ? undefined : moment(need.since)}>
              {need.since === null ? '' : since(need.since, now)}
            </span>
            <span className="act">
              <ButtonLink size="sm" to={need.action.to}>
                {need.action.label}
              </ButtonLink>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
