import type { Host } from '@argos/contract'
import { useRef } from 'react'
import { TlsCards } from '../../components/TlsCards.tsx'
import { certificateLight } from '../../lib/host.ts'
import { moment } from '../../lib/time.ts'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { HostFormBody } from './HostFormBody.tsx'
import { HostFormFoot } from './HostFormFoot.tsx'
import { useHostForm } from './use-host-form.ts'

/** How visitors' connections are encrypted, and the certificate as the edge has it. */
export function TlsTab({ host }: { host: Host }) {
  const at = useRef<HTMLFormElement>(null)
  const form = useHostForm(host, at)
  const wrong = form.error('tls')
  return (
    <div className="cols">
      <div className="c8 grid gap-4">
        <HostFormBody label="TLS" form={form} at={at}>
          <Card title="Certificate">
            <TlsCards
              value={form.value.tls}
              onChange={(tls) => form.edit({ tls })}
              domains={form.value.domains}
            />
            {wrong === undefined ? null : (
              <p className="wrongtext mt-2" role="alert">
                {wrong}
              </p>
            )}
          </Card>
          <HostFormFoot host={host} form={form} shows={(path) => path === 'tls'} />
        </HostFormBody>
      </div>
      <div className="c4">
        <Certificate host={host} />
      </div>
    </div>
  )
}

function Certificate({ host }: { host: Host }) {
  const { issuer, notBefore, notAfter, error } = host.state.certificate
  const light = certificateLight(host)
  const dates = [
    ['Issued', notBefore],
    ['Ends', notAfter],
  ] as const
  return (
    <Card title="As the edge has it">
      <dl className="kv">
        <dt>State</dt>
        <dd>
          <Status state={light.state}>
            {host.tls === 'none'
              ? 'HTTP only'
              : light.state === 'ok'
                ? `valid, ${light.words} left`
                : light.words}
          </Status>
        </dd>
        {issuer === null ? null : (
          <>
            <dt>From</dt>
            <dd>{issuer}</dd>
          </>
        )}
        {dates.map(([label, at]) =>
          at === null ? null : (
            <div className="contents" key={label}>
              <dt>{label}</dt>
              <dd>{moment(at)}</dd>
            </div>
          ),
        )}
        {error === null ? null : (
          <>
            <dt>Last error</dt>
            <dd className="bad">{error}</dd>
          </>
        )}
      </dl>
      {host.tls === 'none' ? null : (
        <p className="t3 sm mt-3">
          Renewed by itself once a third of its time is left. HTTP is sent on to HTTPS.
        </p>
      )}
    </Card>
  )
}
