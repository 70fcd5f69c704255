import type { SystemStatus } from '@argos/contract'
import { list } from '../../lib/words.ts'
import type { State } from '../../ui/StateGlyph.tsx'
import { listenerWords } from '../system/words.ts'

export interface Check {
  readonly id: string
  readonly state: State
  readonly title: string
  readonly detail: string
}

function edgeCheck({ edge }: SystemStatus): Check {
  if (edge.state === 'unreachable') {
    const detail = `${edge.problem ?? 'No answer on its private socket.'} What you save goes live when it is back.`
    return { id: 'edge', state: 'bad', title: 'The edge does not answer', detail }
  }
  const parts = [
    edge.version === null ? '' : `version ${edge.version}`,
    edge.caddy === null ? '' : `on Caddy ${edge.caddy.replace(/^v/, '')}`,
  ]
  const what = parts.filter(Boolean).join(' ')
  return {
    id: 'edge',
    state: 'ok',
    title: 'The edge answers',
    detail: `${what}${what ? ', ' : ''}over a private socket`,
  }
}

function portsCheck({ ports, edge }: SystemStatus): Check {
  const title = `Services are served on ports ${ports.http} and ${ports.https}`
  const listens =
    edge.listeners.length === 0
      ? ''
      : `Listening on ${list([...new Set(edge.listeners.map((listener) => listenerWords(listener).address))])}. `
  if (ports.http === 80 && ports.https === 443) {
    return {
      id: 'ports',
      state: edge.state === 'unreachable' ? 'unknown' : 'ok',
      title,
      detail: listens || 'The usual ports.',
    }
  }
  const detail = `${listens}Browsers and certificate authorities come to 80 and 443: forward those two to them.`
  return { id: 'ports', state: 'warn', title, detail }
}

/** What the panel knows about its machine, as sentences. Only what was measured. */
export function checksOf(status: SystemStatus): readonly Check[] {
  return [
    edgeCheck(status),
    portsCheck(status),
    {
      id: 'database',
      state: 'ok',
      title: 'Everything is stored in one file',
      detail: `${status.panel.database.path}, readable only by Argos`,
    },
    ...status.warnings.map(
      (warning): Check => ({
        id: warning.code,
        state: 'warn',
        title: warning.message,
        detail: warning.remedy,
      }),
    ),
  ]
}
