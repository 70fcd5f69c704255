import type { Pool, UpstreamProbe } from '@argos/contract'
import type { RefObject } from 'react'
import { duration } from '../../lib/time.ts'
import { things } from '../../lib/words.ts'
import { Tile } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Choice.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { StateGlyph, Status } from '../../ui/StateGlyph.tsx'
import type { Publish } from './use-publish.ts'

interface Props {
  publish: Publish
  pools: readonly Pool[]
  first: RefObject<HTMLInputElement | null>
}

/** Paste an address, or choose a pool that is there. What the service answered stands inside the field. */
export function UpstreamStep({ publish, pools, first }: Props) {
  const { form, change } = publish
  if (form.source === 'pool') {
    return (
      <Field
        label={<span className="sr">Pool</span>}
        error={publish.error('upstream') ?? publish.error('upstream.poolId')}
      >
        <Select
          value={form.poolId}
          onChange={(poolId) => change({ poolId })}
          options={[
            ...(form.poolId === '' ? [{ value: '', label: 'Choose one' }] : []),
            ...pools.map((pool) => ({
              value: pool.id,
              label: pool.name,
              hint: `${things(pool.targets.length, 'target')}, ${things(pool.hosts.length, 'host')}`,
            })),
          ]}
        />
      </Field>
    )
  }
  const { probe, waiting, error } = publish.probing
  const wrong =
    error?.field('url') ??
    error?.message ??
    (probe && !probe.reachable ? (probe.problem ?? 'It does not answer.') : undefined) ??
    publish.error('upstream.pool.targets.0.address') ??
    publish.error('upstream.pool.targets.0.port') ??
    publish.error('upstream')
  return (
    <div className="grid gap-2">
      <Field
        label={<span className="sr">Its address</span>}
        error={waiting ? undefined : wrong}
        hint={probe ? undefined : 'As you would open it from this machine. Nothing is published by asking.'}
      >
        <Input
          ref={first}
          mono
          inputMode="url"
          placeholder="http://192.0.2.31:8096"
          value={form.url}
          onChange={(event) => change({ url: event.target.value, verifyTls: null })}
          after={
            <span className="said" aria-live="polite">
              {waiting ? (
                <>
                  <StateGlyph state="busy" /> asking
                </>
              ) : probe ? (
                <Answer probe={probe} />
              ) : null}
            </span>
          }
        />
      </Field>
      {probe && !waiting ? <FoundBox probe={probe} publish={publish} /> : null}
    </div>
  )
}

function Answer({ probe }: { probe: UpstreamProbe }) {
  if (!probe.reachable) {
    return (
      <>
        <StateGlyph state="bad" /> does not answer
      </>
    )
  }
  const took = probe.latencyMs === null ? '' : ` in ${duration(probe.latencyMs)}`
  return (
    <>
      <StateGlyph state="ok" />
      <span>
        {probe.status === null ? 'connects' : <span className="phone-hide">answered </span>}
        {probe.status}
        <span className="phone-hide">{took}</span>
      </span>
    </>
  )
}

/** What Argos learned by asking, as facts; and the one decision an untrusted certificate asks for. */
function FoundBox({ probe, publish }: { probe: UpstreamProbe; publish: Publish }) {
  if (!probe.reachable) {
    return (
      <p className="t2 sm">
        You can publish it all the same; visitors get an error until the service answers.
      </p>
    )
  }
  const { tls, app, webSocket } = probe
  const name = app?.name ?? probe.title
  return (
    <div className="note ok found">
      <Tile name={name ?? probe.address} />
      <div>
        <p>
          {app ? (
            <>
              <b>Looks like {app.name}.</b>{' '}
              {probe.title && probe.title !== app.name ? `“${probe.title}”` : null}
            </>
          ) : probe.title ? (
            <>
              Its page is called <b>{probe.title}</b>.
            </>
          ) : (
            <b>It answers.</b>
          )}
        </p>
        <p className="row wrap g3">
          {webSocket === null ? null : (
            <Status state={webSocket ? 'ok' : 'off'}>
              {webSocket ? 'WebSocket works' : 'no WebSocket here'}
            </Status>
          )}
          {tls === null ? (
            <Status state={probe.protocol === 'http' ? 'ok' : 'unknown'}>
              {probe.protocol === 'http'
                ? 'plain HTTP inside, no certificate to trust'
                : 'certificate not seen'}
            </Status>
          ) : (
            <Status state={tls.trusted ? 'ok' : 'warn'}>
              {tls.trusted
                ? 'trusted certificate'
                : tls.selfSigned
                  ? 'self-signed certificate'
                  : 'certificate not trusted'}
            </Status>
          )}
        </p>
        {tls === null || tls.trusted ? null : (
          <div className="mt-2">
            <Checkbox
              checked={publish.verifyTls}
              onChange={(verifyTls) => publish.change({ verifyTls })}
              label={
                <>
                  Refuse it unless its certificate becomes trusted.{' '}
                  <span className="t2">Off: Argos takes any certificate from {probe.address}.</span>
                </>
              }
            />
          </div>
        )}
      </div>
    </div>
  )
}

/** Between a pasted address and a pool that is there. */
export const SourceSwitch = ({ publish }: { publish: Publish }) => (
  <Button
    kind="ghost"
    size="xs"
    onClick={() => publish.change({ source: publish.form.source === 'url' ? 'pool' : 'url' })}
  >
    {publish.form.source === 'url' ? 'Use a pool that is there' : 'Paste an address'}
  </Button>
)
