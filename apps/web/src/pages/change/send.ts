import {
  changeUndo,
  hostBulk,
  hostCreate,
  hostDelete,
  hostUpdate,
  hostView,
  policyCreate,
  policyDelete,
  policyUpdate,
  policyView,
  poolDelete,
  poolUpdate,
  poolView,
  revisionRestore,
  type Saved,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import { call } from '../../api/call.ts'
import type { Review } from '../../components/review.ts'

/** Does what was read. With `confirmS` it is live for now and goes back by itself unless somebody keeps it. */
export async function send({ intent, version }: Review, confirmS: number | null): Promise<Saved> {
  const query = confirmS === null ? {} : { confirmS }
  switch (intent.kind) {
    case 'hostCreate':
      return (await call(hostCreate, { body: intent.host })).saved
    case 'hostUpdate': {
      const params = { id: intent.id }
      const on = version ?? (await call(hostView, { params })).version
      return (await call(hostUpdate, { params, query, body: { ...intent.host, version: on } })).saved
    }
    case 'hostDelete':
      return (await call(hostDelete, { params: { id: intent.id }, query })).saved
    case 'hostBulk': {
      const { ids, action } = intent
      return (await call(hostBulk, { query, body: { ids, action } })).saved
    }
    case 'poolUpdate': {
      const params = { id: intent.id }
      const on = version ?? (await call(poolView, { params })).version
      return (await call(poolUpdate, { params, query, body: { ...intent.pool, version: on } })).saved
    }
    case 'poolDelete':
      return (await call(poolDelete, { params: { id: intent.id }, query })).saved
    case 'policyCreate':
      return (await call(policyCreate, { body: intent.policy })).saved
    case 'policyUpdate': {
      const params = { id: intent.id }
      const on = version ?? (await call(policyView, { params })).version
      return (await call(policyUpdate, { params, query, body: { ...intent.policy, version: on } })).saved
    }
    case 'policyDelete':
      return (await call(policyDelete, { params: { id: intent.id } })).saved
    case 'settingsUpdate': {
      const on = version ?? (await call(settingsView)).version
      return (await call(settingsUpdate, { query, body: { settings: intent.settings, version: on } })).saved
    }
    case 'undo':
      return (await call(changeUndo, { params: { generation: intent.generation }, query })).saved
    case 'restore':
      return (await call(revisionRestore, { params: { number: intent.revision }, query })).saved
  }
}
