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

const contract = '\0argos-contract'

/**
 * Gives the UI the contract's operations as plain data: what `call` needs is their method and path. Their schemas, and
 * zod with them, come along only where a page imports a schema to check a form with. Each subject is a module of its
 * own, so that a page that loads first does not bring the operations of all others.
 */
const plainOperations = (): Plugin => ({
  name: 'argos-plain-operations',
  enforce: 'pre',
  resolveId: (id, importer) => {
    if (id.startsWith(`${contract}/`)) return id
    return id === '@argos/contract' && !importer?.startsWith(contract) ? contract : null
  },
  async load(id) {
    if (!id.startsWith(contract)) return null
    const all = await import('@argos/contract')
    const plain = Object.entries(all).flatMap(([name, value]) => {
      const op = all.operations.find((candidate) => candidate === value)
      return op ? [{ name, op }] : []
    })
    // Files are named for it, and no name of a file has spaces.
    const bySubject = Map.groupBy(plain, ({ op }) => op.tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'))
    const subject = id.slice(contract.length + 1)
    const code =
      subject === ''
        ? [...bySubject].map(
            ([tag, some]) =>
              `export { ${some.map(({ name }) => name).join(', ')} } from ${JSON.stringify(`${contract}/${tag}`)}`,
          )
        : (bySubject.get(subject) ?? []).map(({ name, op: { id: key, method, path } }) => {
            return `export const ${name} = ${JSON.stringify({ id: key, method, path })}`
          })
    // A name exported here hides the same name behind the star.
    if (subject === '') code.push("export * from '@argos/contract'")
    return { code: code.join('\n'), moduleSideEffects: false }
  },
})

/** What is there by the time a chunk runs: all it imports, and in the app what the app itself does. */
const thereFor = new Map<string, ReadonlySet<string>>()
const knowWhatIsThere = (): Plugin => ({
  name: 'argos-what-is-there',
  enforce: 'pre',
  generateBundle: {
    order: 'pre',
    handler(_options, bundle) {
      const closure = (file: string, seen = new Set<string>()): Set<string> => {
        const chunk = bundle[file]
        if (seen.has(file) || chunk?.type !== 'chunk') return seen
        seen.add(file)
        for (const imported of chunk.imports) closure(imported, seen)
        return seen
      }
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const app = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith('/src/app.tsx'))
      if (!app) throw new Error('src/app.tsx is no chunk of its own any more')
      for (const { fileName, isEntry, moduleIds } of chunks) {
        const alone = isEntry || moduleIds.some((id) => /\/src\/(door\.tsx|pages\/door\/)/.test(id))
        thereFor.set(fileName, closure(fileName, alone ? new Set() : closure(app.fileName)))
      }
    },
  },
})

const panel = process.env.ARGOS_DEV_PANEL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [knowWhatIsThere(), plainOperations(), react(), tailwindcss(), preloadInter()],
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The panel's CSP allows no data: URIs for fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: {
      polyfill: false,
      // What is there already is not named once more beside every page: these lists are a part of the first load.
      resolveDependencies: (_file, deps, { hostId }) => deps.filter((dep) => !thereFor.get(hostId)?.has(dep)),
    },
    rolldownOptions: {
      output: {
        // React in a file of its own: it changes seldom, and the budget of the sign-in page is counted beside it.
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
    },
  },
  server: { proxy: { '/api': panel, '/healthz': panel } },
})
