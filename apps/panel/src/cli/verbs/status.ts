import { panelUrl } from '../../announce.ts'
import { projectVersion } from '../context.ts'
import { edgeInfo, panelAnswers } from '../run/ask.ts'
import { savedGeneration } from '../run/generation.ts'
import { runningInstance } from '../run/instance.ts'
import { exitCode, verb } from '../verb.ts'

export default verb({
  summary: 'Show whether panel and edge run, and whether what is saved is live',
  usage: 'status [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  details: 'Exit code 0 when both run and everything saved is live, else 1.',
  async run(context, { json }) {
    const places = context.layout()
    const instance = runningInstance(places)
    const [edge, panel] = await Promise.all([edgeInfo(places.edgeSocket), panelAnswers(places.panelSocket)])
    const ports = instance?.ports ?? places.ports
    const saved = savedGeneration(places.databasePath)
    const live = edge !== null && edge.base !== null && edge.generation >= saved
    const status = {
      version: projectVersion(),
      launcher: instance && { pid: instance.pid, startedAt: instance.startedAt, ready: instance.ready },
      panel: { answers: panel, url: instance?.panelUrl ?? panelUrl(places, ports.panel) },
      edge: edge && {
        version: edge.version,
        caddy: edge.caddy,
        pid: edge.pid,
        startedAt: edge.started_at,
        openRequests: edge.open_requests,
      },
      generations: { saved, live: edge?.generation ?? null, inSync: live },
      // Live, and not to stay without a word.
      pending: edge?.pending ? { remainingMs: edge.pending.remaining_ms } : null,
      ports,
    }
    if (json) context.say(JSON.stringify(status, null, 2))
    else for (const line of words(status)) context.say(line)
    return panel && live ? exitCode.ok : exitCode.failed
  },
})

interface Status {
  readonly version: string
  readonly launcher: { readonly pid: number; readonly startedAt: number; readonly ready: boolean } | null
  readonly panel: { readonly answers: boolean; readonly url: string }
  readonly edge: {
    readonly version: string
    readonly caddy: string
    readonly pid: number
    readonly openRequests: number
  } | null
  readonly generations: { readonly saved: number; readonly live: number | null; readonly inSync: boolean }
  readonly pending: { readonly remainingMs: number } | null
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
}

function words({ version, launcher, panel, edge, generations, pending, ports }: Status): string[] {
  if (!launcher && !panel.answers && !edge) return ['Argos is not running. `./argos up` starts it.']
  const row = (label: string, value: string) => `  ${label.padEnd(10)}${value}`
  const { saved, live, inSync } = generations
  // A process that hangs is not one that does not run.
  const silent = launcher ? 'does not answer' : 'not running'
  return [
    `Argos ${version}`,
    row(
      'Launcher',
      launcher ? `pid ${launcher.pid}, since ${new Date(launcher.startedAt).toISOString()}` : 'none',
    ),
    row('Panel', panel.answers ? panel.url : silent),
    row(
      'Edge',
      edge
        ? `${edge.version} (Caddy ${edge.caddy}), pid ${edge.pid}, ${edge.openRequests} open requests`
        : silent,
    ),
    row('Saved', inSync ? `generation ${saved}, live` : `generation ${saved}; live: ${live ?? 'unknown'}`),
    ...(pending
      ? [
          row(
            'Waits',
            `goes back in ${Math.ceil(pending.remainingMs / 1000)} s unless kept: \`./argos revisions keep\``,
          ),
        ]
      : []),
    row('Ports', `${ports.http}, ${ports.https}, panel ${ports.panel}`),
  ]
}
