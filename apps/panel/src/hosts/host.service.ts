import { hostBulker } from './host-bulk.ts'
import type { HostDeps } from './host-deps.ts'
import { hostPreviewer } from './host-preview.ts'
import { hostReader } from './host-reader.ts'
import { hostWriter } from './host-writer.ts'

export type HostService = ReturnType<typeof hostService>

/** Published hosts: what can be asked about them and done with them. */
export function hostService(deps: HostDeps) {
  const reader = hostReader(deps)
  const { list, view, ownerOf } = reader
  return {
    list,
    view,
    ownerOf,
    ...hostWriter(deps, reader),
    bulk: hostBulker(deps, reader),
    preview: hostPreviewer(deps),
  }
}
