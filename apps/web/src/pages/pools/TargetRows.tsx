import type { Pool } from '@argos/contract'
import { Ago } from '../../components/Time.tsx'
import { useNow } from '../../hooks/now.ts'
import { targetReason } from '../../lib/reasons.ts'
import { since } from '../../lib/time.ts'
import { things } from '../../lib/words.ts'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph, Status } from '../../ui/StateGlyph.tsx'
import { Table } from '../../ui/Table.tsx'
import { dialOf, shareOf, targetLight } from './health.ts'

type Target = Pool['targets'][number]

/** Since when it is so, and why when it is bad. */
function Why({ target }: { target: Target }) {
  const now = useNow()
  const { health } = target
  if (!target.enabled) return <span className="t3">takes no requests</span>
  return (
    <>
      {health?.error && health.state === 'down' ? (
        <span>{targetReason(dialOf(target), health.error)} </span>
      ) : null}
      {health?.since ? <span className="t3 nowrap">{since(health.since, now)}</span> : null}
    </>
  )
}

/** Each target: does it answer, since when, how much it gets. */
export const TargetRows = ({ pool }: { pool: Pool }) => (
  <Card title="Targets" aside={<span className="t3 sm">{things(pool.targets.length, 'target')}</span>} flush>
    <div className="phone-hide">
      <Table label="Targets">
        <thead>
          <tr>
            <th>Target</th>
            <th>State</th>
            <th>Why</th>
            <th className="num">Weight</th>
            <th className="num">Share</th>
            <th className="num">Checked</th>
          </tr>
        </thead>
        <tbody>
          {pool.targets.map((target) => {
            const light = targetLight(target, pool.health)
            return (
              <tr key={dialOf(target)}>
                <td>
                  <code>{dialOf(target)}</code>
                </td>
                <td>
                  <Status state={light.state}>{light.words}</Status>
                </td>
                <td className="t2 py-2!">
                  <Why target={target} />
                </td>
                <td className="num">{target.weight}</td>
                <td className="num t2">{target.enabled ? `${shareOf(target, pool.targets)} %` : '–'}</td>
                <td className="num t3">
                  {target.health?.checkedAt ? <Ago at={target.health.checkedAt} /> : 'never'}
                </td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {pool.targets.map((target) => {
        const light = targetLight(target, pool.health)
        return (
          <li key={dialOf(target)}>
            <StateGlyph state={light.state} />
            <div className="grow">
              <span className="row">
                <code className="grow cut">{dialOf(target)}</code>
                <span className="t2 sm nowrap">
                  weight {target.weight}
                  {target.enabled ? `, ${shareOf(target, pool.targets)} %` : ''}
                </span>
              </span>
              <p className="t2 sm">{light.words}</p>
              <p className="t2 sm">
                <Why target={target} />
              </p>
            </div>
          </li>
        )
      })}
    </ul>
  </Card>
)
