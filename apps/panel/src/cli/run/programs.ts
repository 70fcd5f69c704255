import { join } from 'node:path'

/** How Node runs the panel, wherever it is started: Node keeps what busier servers need; with these it takes 40 MB less. */
export const nodeFlags = ['--optimize-for-size', '--max-semi-space-size=1'] as const

/** The arguments of an edge, with the page for visitors who come before the panel's first configuration. */
export const edgeArguments = (root: string, dataDir: string, runDir: string): string[] => [
  'run',
  ...['--data', dataDir],
  ...['--run', runDir],
  ...['--caddyfile', join(root, 'Caddyfile.template')],
]

/** What an edge is told by its environment, for that page; the master key least of all. */
export const edgeVariables = (httpPort: number, bind: string): Record<string, string> => ({
  ARGOS_HTTP_PORT: String(httpPort),
  ARGOS_BIND: bind,
})
