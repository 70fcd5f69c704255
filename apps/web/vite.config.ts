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

const panel = process.env.ARGOS_DEV_PANEL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), tailwindcss(), preloadInter()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The panel's CSP allows no data: URIs for fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': panel, '/healthz': panel } },
})
