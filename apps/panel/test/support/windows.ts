import {
  type Host,
  hostBulk,
  hostDelete,
  hostList,
  hostUpdate,
  pendingKeep,
  pendingReturn,
  pendingView,
} from '@argos/contract'
import { eventually, type Random, type Stack, type Upstream } from '@argos/testkit'
import { browse } from './edge.ts'
import { inputOf, publish } from './hosts.ts'

/** Seconds: the least that a change may wait. */
const WITHIN_S = 10

/** How one host is told apart: by its second name and its state, or that it is gone. */
const stateOf = (host: Host | undefined): string =>
  host === undefined ? 'gone' : `${host.domains[1] ?? ''} ${host.enabled ? 'on' : 'off'}`

interface Move {
  readonly words: string
  send(): Promise<{ readonly saved: { readonly pending: string | null } }>
}

/**
 * Changes that wait to be kept, made to a few hosts that nobody else touches, each ended in one of all ways: kept, put
 * back, or cut off by a kill at any moment.
 */
export function windows(stack: Stack, upstream: Upstream, random: Random) {
  let number = 0
  const expected = new Map<
    string,
    { readonly domains: readonly string[]; readonly states: readonly string[] }
  >()

  const hosts = async (): Promise<Host[]> =>
    (await stack.api.call(hostList, { query: { tag: 'window' } })).hosts
  const fresh = async (): Promise<Host> => {
    number += 1
    const name = `window-${number}.example.test`
    const host = await publish(stack, { domains: [name, `a.${name}`], to: upstream, tags: ['window'] })
    expected.set(host.id, { domains: host.domains, states: [stateOf(host)] })
    return host
  }
  const moveOf = (host: Host, other: Host): Move => {
    number += 1
    const query = { confirmS: WITHIN_S }
    const state = `n${number}.${host.domains[0]}`
    const domains = [host.domains[0] ?? '', state]
    const kind = random.below(4)
    if (kind === 0)
      return {
        words: 'delete',
        send: () => stack.api.call(hostDelete, { params: { id: host.id }, query }),
      }
    if (kind === 1) {
      const action = { kind: host.enabled ? 'disable' : 'enable' } as const
      const body = { ids: [host.id, other.id], action }
      return { words: action.kind, send: () => stack.api.call(hostBulk, { query, body }) }
    }
    const body = { ...inputOf(host), domains, version: host.version }
    return {
      words: 'rename',
      send: () => stack.api.call(hostUpdate, { params: { id: host.id }, query, body }),
    }
  }

  /** What must be there afterwards: `before`, `after`, or either. */
  const allow = (
    before: readonly Host[],
    after: ReadonlyMap<string, string>,
    which: 'before' | 'after' | 'either',
  ) => {
    for (const host of before) {
      const was = stateOf(host)
      const is = after.get(host.id) ?? was
      const states = which === 'before' ? [was] : which === 'after' ? [is] : [was, is]
      expected.set(host.id, { domains: host.domains, states })
    }
  }

  return {
    /** Makes sure that there are hosts to change. */
    async prepare(): Promise<void> {
      while ((await hosts()).length < 3) await fresh()
    },
    /**
     * Sends a change that waits, perhaps a word to keep it, and calls `kill` at some moment. Answers with what was done.
     * What is not acknowledged may or may not have happened; what was never kept must not survive.
     */
    async open(kill: () => Promise<void>): Promise<string> {
      const before = await hosts()
      const [host, other] = before
      if (!host || !other) throw new Error('there are no hosts to change')
      const move = moveOf(host, other)
      const after = new Map<string, string>()
      const meant = { delete: 'gone', rename: `n${number}.${host.domains[0]} ${host.enabled ? 'on' : 'off'}` }
      if (move.words === 'delete') after.set(host.id, meant.delete)
      else if (move.words === 'rename') after.set(host.id, meant.rename)
      else
        for (const h of [host, other])
          after.set(h.id, `${h.domains[1] ?? ''} ${move.words === 'enable' ? 'on' : 'off'}`)

      const early = random.below(3) === 0
      allow(before, after, 'before')
      const sending = move.send().then(
        ({ saved }) => saved.pending,
        () => null,
      )
      if (early) {
        await pause(random.next() * 60)
        await kill()
        await sending
        return `${move.words}, killed while it was sent`
      }
      const id = await sending
      if (id === null) throw new Error(`the change that waits was refused: ${move.words}`)
      const keeps = random.below(2) === 0
      if (!keeps) {
        await pause(random.next() * 500)
        await kill()
        return `${move.words}, killed in the window`
      }
      await eventually('the change waits', async () => {
        const { pending } = await stack.api.call(pendingView, {})
        return pending?.id !== id || pending.state === 'waiting'
      })
      allow(before, after, 'either')
      const kept = stack.api.call(pendingKeep, { params: { id } }).then(
        () => true,
        () => false,
      )
      // Before, while, or after it is kept.
      if (random.below(2) === 0) await pause(random.next() * 20)
      else await kept
      await kill()
      const acknowledged = await kept
      if (acknowledged) allow(before, after, 'after')
      return `${move.words}, killed around keep${acknowledged ? ', acknowledged' : ''}`
    },
    /** Waits until nothing waits any more, here and there by asking for it. */
    async settle(): Promise<void> {
      const { pending } = await stack.api.call(pendingView, {})
      if (pending !== null && random.below(4) > 0)
        await stack.api.call(pendingReturn, { params: { id: pending.id } }).catch(() => undefined)
      await eventually(
        'no change waits',
        async () => (await stack.api.call(pendingView, {})).pending === null,
        {
          timeoutMs: 40_000,
        },
      )
    },
    /** What is not as it must be, in the database or at the edge. What is there now is what must be from here on. */
    async wrong(): Promise<string[]> {
      const found = new Map((await hosts()).map((host) => [host.id, host]))
      const wrong: string[] = []
      for (const [id, { domains, states }] of expected) {
        const host = found.get(id)
        const is = stateOf(host)
        if (!states.includes(is)) wrong.push(`host ${id} (${domains[0]}): ${is}, not ${states.join(' or ')}`)
        const status = (await browse(stack, domains[0] ?? '')).status
        const right = host?.enabled === true ? 200 : 404
        if (status !== right) wrong.push(`${domains[0]} answers ${status}, not ${right}`)
        const second = host?.domains[1]
        if (second !== undefined && host?.enabled === true) {
          const { status: now } = await browse(stack, second)
          if (now !== 200) wrong.push(`${second} answers ${now}, not 200`)
        }
        if (host === undefined) expected.delete(id)
        else expected.set(id, { domains: host.domains, states: [is] })
      }
      return wrong
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
