import type { Host } from '@argos/contract'
import type { NameOwner } from '../probe/domain-check.ts'
import { hostStore, type SavedHost } from './host.store.ts'
import { foundHost, type HostDeps } from './host-deps.ts'
import { hostView } from './host-view.ts'
import { panelDomainOf } from './names.ts'

export type HostReader = ReturnType<typeof hostReader>

export function hostReader({ db, apply, pools }: HostDeps) {
  const viewed = async (hosts: readonly SavedHost[]): Promise<Host[]> => {
    const targets = new Map((await pools.within(db).all()).map((p) => [p.id, p.targets]))
    return hosts.map((host) => hostView(host, targets.get(host.poolId) ?? [], apply))
  }
  return {
    viewed,
    /** `q`: each word must stand in a name, the pool, a tag or the note. `tag`: exactly this one. */
    async list({ q = '', tag }: { q?: string | undefined; tag?: string | undefined }) {
      const store = hostStore(db)
      const words = q.toLowerCase().split(/\s+/).filter(Boolean)
      const all = words.length > 0 ? await store.byIds(await store.candidates(words)) : await store.list()
      const fits = (host: SavedHost) => {
        if (tag !== undefined && !host.tags.includes(tag)) return false
        if (words.length === 0) return true
        const text = [...host.domains, host.poolName, ...host.tags, host.note].join('\n').toLowerCase()
        return words.every((word) => text.includes(word))
      }
      return { hosts: await viewed(all.filter(fits)), tags: await store.tags() }
    },
    async view(id: string): Promise<Host> {
      const host = await foundHost(db, id)
      const pool = await pools.within(db).get(host.poolId)
      return hostView(host, pool?.targets ?? [], apply)
    },
    async byIds(ids: readonly string[]): Promise<Host[]> {
      return viewed(await hostStore(db).byIds(ids))
    },
    /** The host that answers a name: by itself, or by a wildcard. */
    async at(
      name: string,
    ): Promise<(Pick<SavedHost, 'id' | 'enabled' | 'access' | 'tls'> & { name: string }) | null> {
      const owners = await hostStore(db).owners([name, `*${name.slice(name.indexOf('.'))}`])
      const owner = owners.find((one) => one.name === name) ?? owners[0]
      const host = owner && (await hostStore(db).get(owner.hostId))
      return host
        ? {
            id: host.id,
            name: host.domains[0] ?? name,
            enabled: host.enabled,
            access: host.access,
            tls: host.tls,
          }
        : null
    },
    /** Who has a name: a host, the panel itself, or nobody. */
    async ownerOf(name: string): Promise<NameOwner | null> {
      if (name === (await panelDomainOf(db))) return { kind: 'panel' }
      const [owner] = await hostStore(db).owners([name])
      return owner ? { kind: 'host', hostId: owner.hostId, name: owner.hostName } : null
    },
  }
}
