import { existsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import type { EdgeInfo } from '../run/ask.ts'
import type { Instance } from '../run/instance.ts'
import type { Leftover } from '../run/leftovers.ts'
import { bindable, nameHolders, portHolders } from '../run/ports.ts'
import { bad, type Finding, ok, warning } from './finding.ts'

export interface Running {
  readonly instance: Instance | null
  readonly edge: EdgeInfo | null
  readonly panel: boolean
  /** Every edge and panel of this data folder. */
  readonly found: readonly Leftover[]
  readonly savedGeneration: number
}

/** More than one edge, or any without a launcher that knows it. */
export function strays({ instance, found }: Running): Finding {
  const edges = found.filter((p) => p.what === 'edge')
  const named = (list: readonly Leftover[]) => list.map((p) => `${p.what} (pid ${p.pid})`).join(', ')
  if (edges.length > 1) {
    return bad(
      'Processes',
      `${edges.length} edges of this folder run and share its ports: ${named(edges)}`,
      '`./argos down` stops all of them; then `./argos up`.',
    )
  }
  if (!instance && found.length > 0) {
    return warning(
      'Processes',
      `without a launcher: ${named(found)}`,
      'If a service manager or a container runs them, that is right. Else `./argos down` stops them.',
    )
  }
  return ok('Processes', found.length > 0 ? named(found) : 'nothing runs')
}

export function edge({ edge: info, found, savedGeneration }: Running): Finding {
  if (!info) {
    return found.some((p) => p.what === 'edge')
      ? bad(
          'Edge',
          'it runs and does not answer on its socket',
          '`./argos logs edge`, then `./argos restart`.',
        )
      : ok('Edge', 'not running')
  }
  if (info.boot.from === 'previous') {
    return warning(
      'Edge',
      'it started from the configuration before the last one',
      'Save any host again. The reason is in `./argos logs edge`.',
    )
  }
  const failed = Object.entries(info.failed ?? {})
  if (failed.length > 0) {
    const [what, why] = failed[0] ?? []
    return bad(
      'Edge',
      `${failed.length} entries are not served; ${what}: ${why}`,
      "Open the host's page; it says what to change.",
    )
  }
  return info.generation < savedGeneration
    ? warning(
        'Edge',
        `it serves generation ${info.generation}, ${savedGeneration} is saved`,
        'Wait a moment; if it stays, see `./argos logs panel`.',
      )
    : ok('Edge', `${info.version}, pid ${info.pid}, serves generation ${info.generation}`)
}

export function panel({ panel: answers, found }: Running): Finding {
  if (answers) return ok('Panel', 'answers on its socket')
  return found.some((p) => p.what === 'panel')
    ? bad(
        'Panel',
        'it runs and does not answer on its socket',
        '`./argos logs panel`, then `./argos restart`.',
      )
    : ok('Panel', 'not running')
}

/** Socket files without anybody behind them are replaced by the next start. */
export function sockets(config: Pick<Config, 'edgeSocket' | 'panelSocket'>, running: Running): Finding {
  const left = [
    ...(existsSync(config.edgeSocket) && !running.edge ? [config.edgeSocket] : []),
    ...(existsSync(config.panelSocket) && !running.panel ? [config.panelSocket] : []),
  ]
  if (left.length === 0) return ok('Sockets', running.edge || running.panel ? 'in use' : 'none')
  if (running.found.some((p) => p.what === 'edge' || p.what === 'panel')) {
    return warning(
      'Sockets',
      `no answer on ${left.join(' and ')}`,
      'A process of this folder runs; see below.',
    )
  }
  return warning(
    'Sockets',
    `nobody answers on ${left.join(' and ')}`,
    'Left by a process that was killed; `./argos up` replaces them.',
  )
}

export async function ports(
  { ports: wanted, bind, panelBind }: Pick<Config, 'ports' | 'bind' | 'panelBind'>,
  { edge: info, found }: Running,
): Promise<Finding[]> {
  const all = [
    { about: 'HTTP port', port: wanted.http, address: bind, variable: 'ARGOS_HTTP_PORT' },
    { about: 'HTTPS port', port: wanted.https, address: bind, variable: 'ARGOS_HTTPS_PORT' },
    { about: 'Panel port', port: wanted.panel, address: panelBind, variable: 'ARGOS_PANEL_PORT' },
  ]
  return Promise.all(
    all.map(async ({ about, port, address, variable }) => {
      const holders = portHolders(port)
      const others = holders.filter((p) => p.pid !== info?.pid)
      if (info && holders.length > others.length) {
        return others.length === 0
          ? ok(about, `${port}, held by the edge`)
          : bad(
              about,
              `${port} is shared with ${nameHolders(others)}, which answers part of the requests`,
              'Stop that process.',
            )
      }
      if (!info && holders.length > 0 && holders.every((p) => found.some((f) => f.pid === p.pid)))
        return ok(about, `${port}, held by the edge, which does not answer`)
      const free = await bindable(port, address)
      if (free === 'free') return ok(about, `${port}, free`)
      if (free === 'taken') {
        return bad(
          about,
          `${port} is taken by ${nameHolders(others)}`,
          `Stop that process, or choose another port with ${variable} in .env.`,
        )
      }
      return free === 'forbidden'
        ? warning(
            about,
            `${port} needs privileges this user does not have`,
            `\`./argos up\` uses 8080 and 8443 instead of 80 and 443; or choose with ${variable}.`,
          )
        : bad(
            about,
            `${address} is not an address of this machine`,
            'Correct ARGOS_BIND or ARGOS_PANEL_BIND in .env.',
          )
    }),
  )
}
