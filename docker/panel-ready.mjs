// The health check of the panel's container. The edge may be away meanwhile: that is the edge's own light.
import { get } from 'node:http'
import { join } from 'node:path'

const { ARGOS_PANEL_SOCKET, ARGOS_RUN_DIR = '' } = process.env
const socketPath = ARGOS_PANEL_SOCKET || join(ARGOS_RUN_DIR, 'panel.sock')
get({ socketPath, path: '/healthz', timeout: 3_000 }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', (err) => {
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  })
