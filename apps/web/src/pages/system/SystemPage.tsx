import type { SystemStatus } from '@argos/contract'
import { usePending } from '../../components/dock/pending.ts'
import { ButtonLink } from '../../components/Link.tsx'
import { Ago } from '../../components/Time.tsx'
import { useNow } from '../../hooks/now.ts'
import { useTitle } from '../../hooks/page.ts'
import { paths } from '../../lib/paths.ts'
import { since } from '../../lib/time.ts'
import { bytes } from '../../lib/words.ts'
import { useSystem } from '../../shell/status.ts'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import { EdgeCard, GenerationsCard } from './EdgeCards.tsx'
import { Modules } from './Modules.tsx'
import { Workers } from './Workers.tsx'
import { headline } from './words.ts'

/** What runs here and how it is: panel, edge, generations, workers. The shell asks every 10 s. */
export function SystemPage() {
  useTitle('System')
  const { data, isError, error, dataUpdatedAt, refetch } = useSystem()
  const now = useNow()
  const waits = Boolean(usePending().data?.pending)
  if (!data) {
    return (
      <>
        <PageHead title="System" />
        {isError ? (
          <ErrorState title="The panel does not answer" error={error} onRetry={() => void refetch()} />
        ) : (
          <Card>
            <Skeleton rows={8} />
          </Card>
        )}
      </>
    )
  }
  return (
    <>
      <PageHead title="System" lead={isError ? 'The panel does not answer.' : headline(data, waits)} />
      {isError ? (
        <div className="mb-3">
          <Note tone="warn" alert>
            <b>This is from {since(dataUpdatedAt, now).replace('since ', '')}.</b> The panel does not answer,
            so how it is now is not known. Hosts go on being served by the edge.
          </Note>
        </div>
      ) : null}
      {/* That a change waits is said above, and nothing to look into. */}
      <Warnings warnings={data.warnings.filter((warning) => !(waits && warning.code === 'edge_behind'))} />
      <div className="cols">
        <div className="c8 grid gap-4">
          <Workers workers={data.workers} />
          <Modules modules={data.edge.modules} />
        </div>
        <div className="c4 grid gap-4">
          <EdgeCard status={data} unknown={isError} />
          <GenerationsCard status={data} />
          <PanelCard panel={data.panel} unknown={isError} />
        </div>
      </div>
    </>
  )
}

const Warnings = ({ warnings }: Pick<SystemStatus, 'warnings'>) =>
  warnings.length === 0 ? null : (
    <ul className="mb-4 grid gap-2" aria-label="Warnings">
      {warnings.map((warning, i) => (
        <li key={`${warning.code} ${i}`}>
          <Note
            tone="warn"
            actions={
              warning.code === 'edge_drift' ? (
                <ButtonLink size="sm" to={paths.drift()}>
                  Look at it
                </ButtonLink>
              ) : undefined
            }
          >
            <b>
              <Words text={warning.message} />
            </b>{' '}
            <Words text={warning.remedy} />
          </Note>
        </li>
      ))}
    </ul>
  )

const PanelCard = ({ panel, unknown }: { panel: SystemStatus['panel']; unknown: boolean }) => (
  <Card
    title="Panel"
    aside={<Status state={unknown ? 'unknown' : 'ok'}>{unknown ? 'not known' : 'answers'}</Status>}
  >
    <dl className="kv">
      <dt>Version</dt>
      <dd>{panel.version}</dd>
      <dt>Started</dt>
      <dd>
        <Ago at={panel.startedAt} />, process {panel.pid}
      </dd>
      <dt>Memory</dt>
      <dd>{bytes(panel.rssBytes)}</dd>
      <dt>Node</dt>
      <dd>{panel.node.replace(/^v/, '')}</dd>
      <dt>Database</dt>
      <dd>
        <code>{panel.database.path}</code>, {bytes(panel.database.sizeBytes)}
      </dd>
      <dt>Schema</dt>
      <dd>
        <code>{panel.database.schema}</code>
      </dd>
    </dl>
  </Card>
)
