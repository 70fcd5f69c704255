import type { Host } from '@argos/contract'

type Over = Partial<Omit<Host, 'state'>> & { readonly state?: Partial<Host['state']> }

/** A host that is well, with what a test wants otherwise. */
export function aHost({ state, ...over }: Over = {}): Host {
  const now = Date.now()
  return {
    id: 'h_photos',
    version: 1,
    domains: ['photos.home.example'],
    enabled: true,
    tls: 'auto',
    access: { kind: 'public' },
    tags: [],
    note: '',
    poolId: 'p_immich',
    poolName: 'immich',
    createdAt: 1,
    updatedAt: 1,
    ...over,
    state: {
      edge: 'live',
      trouble: null,
      upstream: 'up',
      targets: [
        {
          dial: '192.0.2.31:2283',
          enabled: true,
          health: { state: 'up', since: 1, checkedAt: 2, error: null },
        },
      ],
      certificate: {
        state: 'ok',
        issuer: 'A CA',
        notBefore: now - 29 * 86_400_000,
        notAfter: now + 61 * 86_400_000,
        error: null,
      },
      ...state,
    },
  }
}
