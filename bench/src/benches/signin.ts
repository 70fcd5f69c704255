import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { login, logout } from '@argos/contract'
import {
  admin,
  apiClient,
  eventually,
  openEventStream,
  type Stack,
  startStack,
  streams,
} from '@argos/testkit'
import { browse } from '../../../apps/panel/test/support/edge.ts'
import { publish } from '../../../apps/panel/test/support/hosts.ts'
import { guarded, namePanel, policy, signedIn, tab } from '../../../apps/panel/test/support/sso.ts'
import { against, atMost, type Bench, median, type Row } from '../bench.ts'
import { type Blows, hammer, only } from '../hammer.ts'
import { startUpstream } from '../servers.ts'

const SECONDS = 4
const OPEN = 'open.bench.test'
const KEPT = 'kept.bench.test'
const ASKED = 'asked.bench.test'
const LIVE = 'live.bench.test'

/** What signing in costs: the same upstream behind the same edge, open and behind the gate. */
export const signin: Bench = {
  name: 'signin',
  summary: 'hosts that ask who the visitor is beside an open one, over TLS, 32 kept connections',
  async run({ rounds, tools, say }) {
    await using behind = await startUpstream(tools)
    const upstream = { ...behind, dial: `127.0.0.1:${behind.port}`, close: async () => {} }
    await using stack = await startStack()
    const open = await streams()
    await namePanel(stack)
    const anybody = await policy(stack, 'Signed in', signedIn)
    await publish(stack, { domains: [OPEN], to: upstream, tls: 'internal' })
    await guarded(stack, [KEPT], upstream, anybody)
    await guarded(stack, [ASKED], upstream, anybody, { keep: false })
    await guarded(stack, [LIVE], open, anybody)
    await stack.inSync()
    await browse(stack, OPEN, { tls: true })

    const api = await stack.signIn()
    const browser = tab(stack.ports.https)
    const cookies: Record<string, string> = {}
    for (const name of [KEPT, ASKED]) {
      const { status } = await browser.enter(name, api)
      if (status !== 200) throw new Error(`${name}: ${status}`)
      cookies[name] = `Cookie: ${browser.cookie(name)}`
    }
    const at = (name: string, more: { rate?: number; seconds?: number; headers?: readonly string[] } = {}) =>
      hammer(tools, {
        ...{ port: stack.ports.https, name, seconds: SECONDS },
        headers: cookies[name] === undefined ? [] : [cookies[name]],
        ...more,
      })

    const rates: Record<string, Blows[]> = { [OPEN]: [], [KEPT]: [], [ASKED]: [] }
    for (const name of Object.keys(rates)) only('200', await at(name, { seconds: 1 }).done)
    const before = wal(stack)
    for (let round = 1; round <= rounds; round++) {
      for (const [name, taken] of Object.entries(rates)) {
        say(`round ${round}: ${name}`)
        taken.push(only('200', await at(name).done))
      }
    }
    const written = wal(stack) - before
    const perSecond = (name: string) => median((rates[name] ?? []).map((b) => b.perSecond))
    const asked = Object.values(rates).flat()

    say('2,000 a second')
    const steady = only('200', await at(KEPT, { rate: 2_000, seconds: 10 }).done)
    const guess = `Cookie: __Host-argos=${'x'.repeat(43)}`
    const half = await at(KEPT, {
      ...{ rate: 2_000, seconds: 10 },
      headers: [`0|${cookies[KEPT]}`, `1|${guess}`, '1|Accept: application/json'],
    }).done

    const rows: Row[] = [
      against('signed in, rate', perSecond(KEPT), perSecond(OPEN), '/s', { least: 0.88 }, 'open host'),
      against('asked each time, rate', perSecond(ASKED), perSecond(OPEN), '/s', { least: 0.5 }, 'open host'),
      atMost('signed in, 2,000 a second, p99', steady.p99, 15, 'ms'),
      atMost('half of 2,000 a second unknown, p99', half.p99, 15, 'ms'),
      atMost(
        'database, written in all of these',
        written / 1024,
        0.01 * asked.reduce((n, b) => n + b.requests, 0),
        'kB',
        '10 bytes a request',
      ),
      ...(await loginStorm()),
      ...(await signOut()),
    ]
    await open.close()
    return rows

    /** 64 people sign in at once, while a host asks the panel on every request. */
    async function loginStorm(): Promise<Row[]> {
      say('64 sign-ins')
      const wish = { rate: 200, seconds: 6 }
      const idle = only('200', await at(ASKED, wish).done)
      const under = at(ASKED, wish)
      await sleep(500)
      const answers = await Promise.allSettled(
        Array.from({ length: 64 }, () => apiClient(stack.panelUrl).call(login, { body: admin })),
      )
      const storm = only('200', await under.done)
      const came = answers.filter(({ status }) => status === 'fulfilled').length
      return [
        against(
          `asked each time, p99 under 64 sign-ins (${came} came in)`,
          ...([storm.p99, idle.p99] as const),
          ...(['ms', { most: 3 }, 'idle'] as const),
        ),
      ]
    }

    /** A session ends while it is used as fast as can be. */
    async function signOut(): Promise<Row[]> {
      const passed: number[] = []
      const streamMs: number[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round}: signing out`)
        const session = await stack.signIn()
        const fresh = tab(stack.ports.https)
        await fresh.enter(KEPT, session)
        await fresh.enter(LIVE, session)
        const stream = await openEventStream({
          ...{ port: stack.ports.https, name: LIVE, tls: true },
          headers: { cookie: fresh.cookie(LIVE) },
        })
        const under = at(KEPT, {
          seconds: 3,
          headers: [`Cookie: ${fresh.cookie(KEPT)}`, 'Accept: application/json'],
        })
        await sleep(1_000)
        const begin = performance.now()
        await session.call(logout, {})
        under.mark()
        await eventually('the stream is cut', async () => stream.endedAt() !== null)
        streamMs.push((stream.endedAt() ?? Number.NaN) - begin)
        passed.push((await under.done).afterMark)
      }
      return [
        {
          ...{ what: 'passed after a sign-out was answered', beside: `${rounds} times, under full load` },
          ...{ ours: String(passed.reduce((a, b) => a + b, 0)), limit: { most: 0 } },
          ratio: passed.reduce((a, b) => a + b, 0),
        },
        atMost('open stream, cut after a sign-out', median(streamMs), 1_000, 'ms'),
      ]
    }
  },
}

/** What was appended to the database since its last checkpoint, and the database itself. */
function wal({ dataDir }: Stack): number {
  return ['argos.db', 'argos.db-wal'].reduce(
    (sum, file) => sum + (statSync(join(dataDir, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
