import { type Host, poolList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { query } from '../../api/query.ts'
import { DomainList } from '../../components/DomainList.tsx'
import { things } from '../../lib/words.ts'
import { Field } from '../../ui/Field.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { HostFormBody } from './HostFormBody.tsx'
import { HostFormFoot } from './HostFormFoot.tsx'
import { PoolCard } from './PoolCard.tsx'
import { useHostForm } from './use-host-form.ts'

const shows = (path: string) => path.startsWith('domains') || path === 'poolId'

/** Which names lead here, and to which pool. */
export function RoutingTab({ host }: { host: Host }) {
  const at = useRef<HTMLFormElement>(null)
  const form = useHostForm(host, at)
  const pools = useQuery(query(poolList)).data?.pools
  const { value } = form
  const known = pools ?? [{ id: host.poolId, name: host.poolName, targets: host.state.targets }]
  const chosen = pools?.find((pool) => pool.id === value.poolId)
  return (
    <div className="cols">
      <div className="c8 grid gap-4">
        <HostFormBody label="Routing" form={form} at={at}>
          <Card title="Names">
            <DomainList
              domains={value.domains}
              onChange={(domains) => form.edit({ domains: [...domains] })}
              error={form.nameError}
              hostId={host.id}
              placeholder="app.home.example"
            />
          </Card>
          <Card title="Where requests go">
            <Field
              label="Pool"
              error={form.error('poolId')}
              hint="Requests are shared by the targets of this pool."
            >
              <Select
                value={value.poolId}
                onChange={(poolId) => form.edit({ poolId })}
                options={known.map((pool) => ({
                  value: pool.id,
                  label: pool.name,
                  hint: things(pool.targets.length, 'target'),
                }))}
              />
            </Field>
          </Card>
          <HostFormFoot host={host} form={form} shows={shows} />
        </HostFormBody>
      </div>
      <div className="c4">{chosen ? <PoolCard pool={chosen} host={host} /> : null}</div>
    </div>
  )
}
