import { tmpdir } from 'node:os'
import { neededModules } from '@argos/caddy'
import type { SystemStatus } from '@argos/contract'
import { expect, test } from 'vitest'
import { edgeDialect } from '../apply/fate.ts'
import { warningsOf } from './warnings.ts'

const edge: SystemStatus['edge'] = {
  ...{ state: 'behind', problem: 'Behind.', version: '0.2.0', caddy: null, pid: null, startedAt: null },
  ...{
    listeners: [],
    modules: [...neededModules],
    openRequests: 0,
    bootedFrom: null,
    failed: [],
    drifted: 0,
  },
}
const remedyOf = (code: string, over: { waits: boolean; edge?: Partial<SystemStatus['edge']> }) =>
  warningsOf({
    config: { insecureHttp: false, listen: '127.0.0.1:9080', dataDir: tmpdir() },
    ...{ api: edgeDialect, version: '0.2.0', workers: [] },
    waits: over.waits,
    edge: { ...edge, ...over.edge },
  }).find((warning) => warning.code === code)?.remedy

test('an edge that is behind a change that waits is no fault to look for: the change is kept or put back', () => {
  expect(remedyOf('edge_behind', { waits: true })).toMatch(/^Keep the change or put it back; /)
  expect(remedyOf('edge_behind', { waits: false })).toContain('./argos doctor')
})

test('one that is away while a change waits is looked for all the same', () => {
  const away = { state: 'unreachable' as const }
  expect(remedyOf('edge_unreachable', { waits: true, edge: away })).toContain('./argos doctor')
})
