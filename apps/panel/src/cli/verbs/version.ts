import { projectVersion } from '../context.ts'
import { edgeInfo } from '../run/ask.ts'
import { verb } from '../verb.ts'

export default verb({
  summary: 'Print the versions of Argos, its runtime and the running edge',
  usage: 'version [--json]',
  options: { json: { type: 'boolean' } },
  words: { json: 'As JSON' },
  async run(context, { json }) {
    const edge = await edgeInfo(context.layout().edgeSocket)
    const versions = {
      argos: projectVersion(),
      node: process.versions.node,
      edge: edge?.version ?? null,
      caddy: edge?.caddy ?? null,
    }
    if (json) context.say(JSON.stringify(versions, null, 2))
    else {
      context.say(`argos ${versions.argos} (node ${versions.node})`)
      context.say(edge ? `edge  ${edge.version} (caddy ${edge.caddy})` : 'edge  not running')
    }
  },
})
