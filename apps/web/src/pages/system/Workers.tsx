import type { SystemStatus } from '@argos/contract'
import { Ago } from '../../components/Time.tsx'
import { keyWords } from '../../lib/diff.ts'
import { duration } from '../../lib/time.ts'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph, Status } from '../../ui/StateGlyph.tsx'
import { Table } from '../../ui/Table.tsx'
import { everyWords, resultWords, workerLight } from './words.ts'

type Worker = SystemStatus['workers'][number]

/** What the last pass said: its error, else its result. */
const Said = ({ worker }: { worker: Worker }) =>
  worker.lastError === null ? (
    <span className="t2">{resultWords(worker.lastResult)}</span>
  ) : (
    <span className="bad">{worker.lastError}</span>
  )

const title = (name: string): string => {
  const words = keyWords(name)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What runs by itself in the panel. */
export const Workers = ({ workers }: { workers: readonly Worker[] }) => (
  <Card title="Workers" aside={<span className="t3 sm">what the panel does by itself</span>} flush>
    {workers.length === 0 ? <p className="t2 px-4 py-3">None has started yet.</p> : null}
    <div className="phone-hide">
      <Table label="Workers">
        <thead>
          <tr>
            <th>Worker</th>
            <th>State</th>
            <th>Last pass</th>
            <th className="num">Ran</th>
            <th className="num">Took</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => {
            const light = workerLight(worker)
            return (
              <tr key={worker.name}>
                <td>
                  <span className="b">{title(worker.name)}</span>{' '}
                  <span className="t3 sm nowrap">{everyWords(worker.everyMs)}</span>
                </td>
                <td>
                  <Status state={light.state}>{light.words}</Status>
                </td>
                <td className="py-2!">
                  <Said worker={worker} />
                </td>
                <td className="num t3">{worker.lastRunAt === null ? '–' : <Ago at={worker.lastRunAt} />}</td>
                <td className="num t3">{worker.lastTookMs === null ? '–' : duration(worker.lastTookMs)}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </div>
    <ul className="rows phone-only">
      {workers.map((worker) => {
        const light = workerLight(worker)
        return (
          <li key={worker.name}>
            <StateGlyph state={light.state} />
            <div className="grow">
              <span className="row">
                <b className="grow cut">{title(worker.name)}</b>
                <span className="t3 sm nowrap">
                  {worker.lastRunAt === null ? everyWords(worker.everyMs) : <Ago at={worker.lastRunAt} />}
                </span>
              </span>
              <p className="t2 sm">
                {light.words}
                {worker.lastError !== null || resultWords(worker.lastResult) !== '' ? ': ' : ''}
                <Said worker={worker} />
              </p>
            </div>
          </li>
        )
      })}
    </ul>
  </Card>
)
