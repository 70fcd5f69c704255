import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Preloads Inter and nothing else: the first paint needs it, JetBrains Mono can wait. */
const preloadInter = (): Plugin => ({
  name: 'argos-preload-inter',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      const font = Object.keys(bundle ?? {}).find((file) => /inter-latin-wght-normal.*\.woff2$/.test(file))
      if (!font) return []
      const attrs = { rel: 'preload', href: `/${font}`, as: 'font', type: 'font/woff2', crossorigin: '' }
      return [{ tag: 'link', attrs, injectTo: 'head' }]
    },
  },
})

/**
 * Gives the UI the contract's operations as plain data: what `call` needs is their method and path. Their schemas, and
 * zod with them, come along only where a page imports a schema to check a form with.
 */
const plainOperations = (): Plugin => ({
  name: 'argos-plain-operations',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id === '@argos/contract' && importer !== '\0argos-contract' ? '\0argos-contract' : null,
  async load(id) {
    if (id !== '\0argos-contract') return null
    const contract = await import('@argos/contract')
    const plain = Object.entries(contract).flatMap(([name, value]) => {
      const op = contract.operations.find((candidate) => candidate === value)
      if (!op) return []
      const { id, method, path } = op
      return [`export const ${name} = ${JSON.stringify({ id, method, path })}`]
    })
    // A name exported here hides the same name behind the star.
    return [...plain, "export * from '@argos/contract'"].join('\n')
  },
})

const panel = process.env.ARGOS_DEV_PANEL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [plainOperations(), react(), tailwindcss(), preloadInter()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The panel's CSP allows no data: URIs for fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // React in a file of its own: it changes seldom, and the budget of the sign-in page is counted beside it.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
  server: { proxy: { '/api': panel, '/healthz': panel } },
})
