import type { Host } from '@argos/contract'
import { ButtonLink } from '../../components/Link.tsx'
import { downTargets } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { since } from '../../lib/time.ts'
import { Note } from '../../ui/Feedback.tsx'

const tabOf = (field: string | null): 'tls' | 'routing' => (field?.startsWith('tls') ? 'tls' : 'routing')

/** What is wrong with the host, with the field and the reason, and where it is mended. */
export function Trouble({ host, tab }: { host: Host; tab: string }) {
  const { trouble, certificate } = host.state
  const down = downTargets(host)
  return (
    <div className="troubles">
      {trouble === null ? null : (
        <Note
          tone="bad"
          actions={
            tab === tabOf(trouble.field) ? undefined : (
              <ButtonLink size="sm" to={paths.hostTab(host.id, tabOf(trouble.field))}>
                Change it
              </ButtonLink>
            )
          }
        >
          <b>The edge refuses what was saved {since(trouble.since)}; what it served before stays.</b>{' '}
          {trouble.message}{' '}
          {trouble.field === null ? null : (
            <>
              Field: <code>{trouble.field}</code>
            </>
          )}
        </Note>
      )}
      {host.state.edge === 'drifted' ? (
        <Note
          tone="warn"
          actions={
            <ButtonLink size="sm" to={paths.drift()}>
              Look at it
            </ButtonLink>
          }
        >
          <b>Somebody changed it at the edge by hand.</b> Visitors get that until it is put back or adopted.
        </Note>
      ) : null}
      {down.length === 0 || !host.enabled ? null : (
        <Note tone={host.state.upstream === 'down' ? 'bad' : 'warn'}>
          <b>
            {host.state.upstream === 'down'
              ? 'Visitors get an error: no target answers.'
              : 'One target less:'}
          </b>{' '}
          {down.map((t) => (
            <span key={t.dial}>
              {t.error.includes(t.dial) ? null : <code>{t.dial}</code>} {t.error}
              {t.since === null ? '' : `, ${since(t.since)}`}{' '}
            </span>
          ))}
        </Note>
      )}
      {certificate.state === 'error' && host.enabled && host.tls !== 'none' ? (
        <Note
          tone="warn"
          actions={
            tab === 'tls' ? undefined : (
              <ButtonLink size="sm" to={paths.hostTab(host.id, 'tls')}>
                Show TLS
              </ButtonLink>
            )
          }
        >
          <b>Its certificate is not renewed.</b> {certificate.error}
        </Note>
      ) : null}
    </div>
  )
}
