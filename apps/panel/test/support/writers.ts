import { type Host, hostCreate, hostDelete, hostList } from '@argos/contract'
import { ApiRefusal, type Random, type Stack, type Upstream } from '@argos/testkit'
import { edit, wanted } from './hosts.ts'

/** What is known of one host: the last state that was acknowledged, and one that may have been saved as well. */
interface Known {
  readonly acknowledged: string | null
  readonly perhaps: string | null | undefined
}

/** What a host's state is told apart by: its second name. */
const stateOf = (host: Host): string => host.domains[1] ?? ''

/** Writers that create, change and delete hosts of their own as fast as they are acknowledged, until stopped. */
export function writers(stack: Stack, upstream: Upstream, random: Random, count: number) {
  const known = new Map<string, Known>()
  let acknowledged = 0
  let number = 0
  let bug: Error | null = null
  let running: Promise<void>[] = []
  let stopped = true

  const change = async (id: string, next: string | null, send: () => Promise<unknown>) => {
    const before = known.get(id)
    known.set(id, { acknowledged: before?.acknowledged ?? null, perhaps: next })
    await send()
    known.set(id, { acknowledged: next, perhaps: undefined })
    acknowledged += 1
  }
  const writer = async (own: string[], name: string) => {
    while (!stopped) {
      try {
        const id = own.length > 0 ? own[random.below(own.length)] : undefined
        const what = random.below(10)
        number += 1
        const state = `${name}-${number}.example.test`
        if (id === undefined || (what === 0 && own.length < 8)) {
          const first = `first-${state}`
          const { host } = await stack.api.call(hostCreate, {
            body: wanted({ domains: [first, state], to: upstream }),
          })
          known.set(host.id, { acknowledged: state, perhaps: undefined })
          own.push(host.id)
          acknowledged += 1
        } else if (what === 1 && own.length > 3) {
          await change(id, null, () => stack.api.call(hostDelete, { params: { id } }))
          own.splice(own.indexOf(id), 1)
        } else {
          await change(id, state, () =>
            edit(stack, id, ({ domains }) => ({ domains: [domains[0] ?? state, state] })),
          )
        }
      } catch (err) {
        // A refusal in words is a bug; a connection that broke, or a proxy that found nobody, is what was asked for.
        if (err instanceof ApiRefusal && err.status < 500) bug ??= err
        return
      }
    }
  }
  const hosts = async () => (await stack.api.call(hostList, {})).hosts
  const owned = Array.from({ length: count }, (): string[] => [])
  return {
    /** How many changes were acknowledged so far. Throws when one was refused in words. */
    acknowledged: () => {
      if (bug) throw bug
      return acknowledged
    },
    start: async () => {
      const there = new Set((await hosts()).map(({ id }) => id))
      stopped = false
      running = owned.map((own, n) => {
        // A delete that was cut off may have been saved.
        own.splice(0, own.length, ...own.filter((id) => there.has(id)))
        return writer(own, `w${n}`)
      })
    },
    stop: async () => {
      stopped = true
      await Promise.all(running)
    },
    /** Differences between what was acknowledged and what is there. What may or may not be saved is settled now. */
    lost: async (): Promise<string[]> => {
      const found = new Map((await hosts()).map((host) => [host.id, stateOf(host)]))
      const wrong: string[] = []
      for (const [id, { acknowledged: was, perhaps }] of known) {
        const is = found.get(id) ?? null
        if (is !== was && (perhaps === undefined || is !== perhaps)) {
          wrong.push(
            `host ${id}: ${was} was acknowledged${perhaps === undefined ? '' : `, ${perhaps} under way`}, ${is} is there`,
          )
        }
        known.set(id, { acknowledged: is, perhaps: undefined })
      }
      return wrong
    },
    /** The names by which the edge must serve the last saved states. Others' hosts may be paused. */
    names: async (): Promise<string[]> =>
      (await hosts())
        .filter((host) => host.enabled)
        .map(stateOf)
        .filter((state) => state !== ''),
  }
}
