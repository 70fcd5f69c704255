import type { PortalApp } from '@argos/contract'
import type { Apply } from '../apply/apply.types.ts'
import type { Grants } from './grants.ts'

export interface Portal {
  apps(userId: string): Promise<PortalApp[]>
}

/** The page of those who only want to open something. */
export function portal({
  grants,
  apply,
  httpsPort,
}: {
  readonly grants: Grants
  readonly apply: Pick<Apply, 'targetHealth'>
  readonly httpsPort: number
}): Portal {
  return {
    async apps(userId) {
      const hosts = await grants.of(userId)
      return hosts.map(({ id, name, tls, tags, poolId, factor }) => {
        const port = tls && httpsPort !== 443 ? `:${httpsPort}` : ''
        const states = Object.values(apply.targetHealth(poolId)).map(({ state }) => state)
        return {
          hostId: id,
          name,
          url: `${tls ? 'https' : 'http'}://${name}${port}/`,
          tags,
          // Unknown is not down.
          up: states.length === 0 || states.some((state) => state !== 'down'),
          factor,
        }
      })
    },
  }
}
