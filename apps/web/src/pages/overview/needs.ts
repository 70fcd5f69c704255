import type { Host, Me, SystemStatus } from '@argos/contract'
import { certificateLight, downTargets, hostName } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { Things, things } from '../../lib/words.ts'
import { changeNeeds, driftNeeds, type Waiting } from './change-needs.ts'
import type { Need } from './need.ts'

function hostNeeds(host: Host): readonly Need[] {
  if (!host.enabled) return []
  const { trouble, upstream, certificate } = host.state
  const thing = hostName(host)
  const needs: Need[] = []
  if (host.state.edge === 'refused' && trouble) {
    needs.push({
      id: `${host.id} edge`,
      state: 'bad',
      thing,
      verb: 'is saved, but the edge refuses it',
      why: trouble.message,
      since: trouble.since,
      action: {
        label: 'Change it',
        to: paths.hostTab(host.id, trouble.field?.startsWith('tls') ? 'tls' : 'routing'),
      },
    })
  }
  if (upstream === 'down' || upstream === 'degraded') {
    const down = downTargets(host)
    const from = down.flatMap((t) => (t.since === null ? [] : [t.since]))
    needs.push({
      id: `${host.id} upstream`,
      state: upstream === 'down' ? 'bad' : 'warn',
      thing,
      verb: upstream === 'down' ? 'has no upstream that answers' : 'has lost an upstream',
      why:
        down.map((t) => (t.error.includes(t.dial) ? t.error : `${t.dial}: ${t.error}`)).join(' ') ||
        'None of its targets is switched on.',
      since: from.length === 0 ? null : Math.min(...from),
      action: { label: 'Show upstreams', to: paths.hostTab(host.id, 'routing') },
    })
  }
  if (host.tls !== 'none' && certificate.state === 'error') {
    const light = certificateLight(host)
    needs.push({
      id: `${host.id} certificate`,
      state: light.state === 'bad' ? 'bad' : 'warn',
      thing,
      verb: light.state === 'bad' ? 'has no certificate' : `loses its certificate in ${light.words}`,
      why: certificate.error ?? 'The authority did not say why.',
      since: null,
      action: { label: 'Show TLS', to: paths.hostTab(host.id, 'tls') },
    })
  }
  return needs
}

function systemNeeds(status: SystemStatus, hosts: readonly Host[]): readonly Need[] {
  const { edge, generations } = status
  const action = { label: 'Show the system', to: paths.system() }
  const base = { since: null, action }
  return [
    ...(edge.state === 'unreachable'
      ? [
          {
            ...base,
            id: 'edge',
            state: 'bad' as const,
            thing: 'The edge',
            verb: 'does not answer',
            why: edge.problem ?? 'What you save goes live when it is back.',
          },
        ]
      : []),
    ...edge.failed.flatMap(({ hostId, reason }) => {
      const host = hosts.find((h) => h.id === hostId)
      if (host?.state.edge === 'refused') return []
      const to = host ? paths.host(host.id) : paths.system()
      return [
        {
          id: `${hostId} failed`,
          state: 'bad' as const,
          thing: host ? hostName(host) : 'Something the edge was given',
          verb: 'could not be started by the edge',
          why: reason,
          since: null,
          action: { label: 'Show it', to },
        },
      ]
    }),
    ...(edge.state === 'behind' && generations.lastError !== null
      ? [
          {
            ...base,
            id: 'behind',
            state: 'bad' as const,
            thing: 'The edge',
            verb: 'does not serve what was saved last',
            why: generations.lastError,
          },
        ]
      : []),
    // Of the edge it says what stands here already, in the panel's own ids.
    ...status.warnings
      .filter((warning) => !/^edge_(unreachable|behind|failed|drift)$/.test(warning.code))
      .map((warning) => ({
        ...base,
        id: `warning ${warning.code}`,
        state: 'warn' as const,
        thing: warning.message,
        verb: '',
        why: warning.remedy,
      })),
  ]
}

const pending: Record<Me['pending'][number], Need> = {
  recovery_sheet: {
    id: 'recovery',
    state: 'warn',
    thing: 'The recovery sheet',
    verb: 'is not kept anywhere else yet',
    why: 'Without the master key on it, a backup of Argos cannot be read.',
    since: null,
    action: { label: 'Keep a copy', to: paths.settings('recovery') },
  },
  panel_domain: {
    id: 'panel',
    state: 'suggestion',
    thing: 'The panel',
    verb: 'has no name of its own',
    why: 'Passkeys, notifications and hosts behind a sign-in need one.',
    since: null,
    action: { label: 'Give it one', to: paths.settings('panel') },
  },
  first_host: {
    id: 'first',
    state: 'suggestion',
    thing: 'Your first service',
    verb: 'waits to be published',
    why: 'Paste where it runs; Argos fills in the rest.',
    since: null,
    action: { label: 'Publish it', to: paths.hostNew() },
  },
}

const order = ['bad', 'warn', 'suggestion']

/** Everything that asks for someone: worst first, then oldest. Gone by itself when mended. */
export const needsOf = (
  hosts: readonly Host[],
  status: SystemStatus | undefined,
  todo: Me['pending'],
  waiting: Waiting = { pending: null, last: null },
  now = Date.now(),
): readonly Need[] =>
  [
    ...(status ? [...systemNeeds(status, hosts), ...driftNeeds(status, hosts)] : []),
    ...changeNeeds(waiting, now),
    ...hosts.flatMap(hostNeeds),
    ...todo.map((p) => pending[p]),
  ].toSorted(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      (a.since ?? Number.MAX_SAFE_INTEGER) - (b.since ?? Number.MAX_SAFE_INTEGER),
  )

/** The page's first sentence, as a person would say it. */
export function sentence(needs: readonly Need[], hosts: readonly Host[]): string {
  const down = hosts.filter(
    (h) => h.enabled && (h.state.upstream === 'down' || h.state.edge === 'refused'),
  ).length
  const urgent = needs.filter((n) => n.state !== 'suggestion')
  const others =
    urgent.length - urgent.filter((n) => n.state === 'bad' && / (upstream|edge)$/.test(n.id)).length
  if (urgent.some((n) => n.id === 'edge')) return 'The edge does not answer.'
  if (hosts.length === 0) return 'Nothing is published yet.'
  if (down > 0) {
    const first = `${Things(down, 'host')} ${down === 1 ? 'is' : 'are'} down.`
    if (others === 0) return first
    return `${first} ${Things(others, 'more thing needs', 'more things need')} you.`
  }
  if (urgent.length > 0) return `${Things(urgent.length, 'thing needs', 'things need')} you.`
  const unknown = hosts.some(
    (h) => h.enabled && (h.state.upstream === 'unknown' || h.state.edge === 'unknown'),
  )
  return unknown ? 'Nothing fails, as far as it was measured.' : 'Everything answers.'
}

/** "16 of 17 hosts answer, 1 is paused": only what the checks found. */
export function answering(hosts: readonly Host[]): string {
  const on = hosts.filter((h) => h.enabled)
  const up = on.filter(
    (h) => h.state.edge === 'live' && (h.state.upstream === 'up' || h.state.upstream === 'degraded'),
  )
  const unknown = on.filter((h) => h.state.upstream === 'unknown' || h.state.edge === 'unknown')
  const paused = hosts.length - on.length
  return [
    `${up.length} of ${things(on.length, 'host')} ${on.length === 1 ? 'answers' : 'answer'}`,
    unknown.length === 0 ? '' : `${unknown.length} not checked`,
    paused === 0 ? '' : `${paused} paused`,
  ]
    .filter(Boolean)
    .join(', ')
}
