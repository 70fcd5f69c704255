import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

interface Source {
  /** From the project's root: `apps/panel/src/hosts/host.store.ts`. */
  readonly path: string
  readonly text: string
  /** What it imports: packages by name, own files by their path from the root. */
  readonly imports: readonly string[]
}
interface Rule {
  readonly edge: string
  readonly why: string
  readonly from: (source: Source) => boolean
  readonly breaks: (source: Source) => string[]
  /** Files that may, each with its reason. One that no longer breaks the rule has to go. */
  readonly except?: Readonly<Record<string, string>>
}

const within = (folder: string) => (source: Source) => source.path.startsWith(`${folder}/`)
const shipped = ({ path }: Source) => !/\.test\.tsx?$|\/testing\.ts$|\/test\//.test(path)
const isPackage = (name: string) => !/^(apps|packages|bench|scripts)\//.test(name)
const importing =
  (forbidden: (imported: string, source: Source) => boolean) =>
  (source: Source): string[] =>
    source.imports.filter((imported) => forbidden(imported, source))
const saying = (pattern: RegExp) => (source: Source) => code(source.text).match(pattern) ?? []
const folderOf = (path: string) => /^apps\/panel\/src\/([^/]+)\//.exec(path)?.[1]

const rules: readonly Rule[] = [
  {
    edge: "a feature imports another feature's store",
    why: 'its service holds the rules; a store alone would go around them',
    from: (source) => within('apps/panel/src')(source) && shipped(source),
    breaks: importing((to, { path }) => /\.store\.ts$/.test(to) && folderOf(to) !== folderOf(path)),
    except: {
      'apps/panel/src/apply/offer.ts':
        'the reconciler alone writes revisions and what becomes of a change that waits',
      'apps/panel/src/apply/pending.ts': 'the reconciler alone writes what becomes of a change that waits',
      'apps/panel/src/apply/pending-worker.ts':
        'the reconciler alone writes what becomes of a change that waits',
      'apps/panel/src/apply/fate.ts': 'the shape of the row that says what the edge was asked',
      'apps/panel/src/apply/promises.ts': 'the shape in which promises are written down',
      'apps/panel/src/apply/promise-tests.ts': 'the shape in which promises are written down',
      'apps/panel/src/apply/stranger.ts': 'whether what the edge holds was ours',
      'apps/panel/src/changes/preview.caddy.ts':
        'shows what the edge confirmed last beside what it would get',
      'apps/panel/src/oidc/accounts.ts': 'makes an account in the transaction that signs it in',
      'apps/panel/src/oidc/mapping.ts': 'the shape of an account',
      'apps/panel/src/oidc/oidc.settings.ts': 'reads the name of the panel, which has no rules',
      'apps/panel/src/changes/restore.ts': 'what was is written back as it was, past the rules of a new form',
      'apps/panel/src/apply/probes.ts': 'the reconciler alone writes revisions; changes/ only shows them',
      'apps/panel/src/apply/reconcile.ts': 'the reconciler alone writes revisions; changes/ only shows them',
      'apps/panel/src/apply/settle.ts': 'the reconciler alone writes revisions; changes/ only shows them',
      'apps/panel/src/apply/views.ts': 'the reconciler alone writes revisions; changes/ only shows them',
    },
  },
  {
    edge: 'routes import a store',
    why: 'a route parses and answers; the rules stand in the service',
    from: (source) => within('apps/panel/src')(source) && source.path.endsWith('.routes.ts'),
    breaks: importing((to) => to.endsWith('.store.ts')),
    except: { 'apps/panel/src/changes/revisions.routes.ts': 'reading the list of revisions has no rules' },
  },
  {
    edge: 'something but apply/ talks to the edge',
    why: 'one writer: whoever else changed the edge would be undone by the next pass, or undo it',
    from: (source) => within('apps/panel/src')(source) && shipped(source),
    breaks: importing((to, { path }) => to === '@argos/caddy-admin' && folderOf(path) !== 'apply'),
    except: {
      'apps/panel/src/compose.ts': 'makes the client and hands it to apply/',
      'apps/panel/src/gate/evictions.ts':
        'tells the edge whom to forget, which changes nothing that is saved',
      'apps/panel/src/gate/facts.cache.ts': 'the shape of what is forgotten',
    },
  },
  {
    edge: 'the compiler imports anything',
    why: 'pure: no clock, disk, environment or randomness, so the same state gives the same bytes',
    from: (source) => within('packages/caddy/src')(source) && shipped(source),
    breaks: importing((to) => isPackage(to) || !to.startsWith('packages/caddy/')),
  },
  {
    edge: 'the contract imports anything but zod',
    why: 'the browser loads it',
    from: (source) => within('packages/contract/src')(source) && shipped(source),
    breaks: importing((to) => (isPackage(to) ? to !== 'zod' : !to.startsWith('packages/contract/'))),
  },
  {
    edge: 'the web imports the panel, another package or Node',
    why: 'it knows the server only by its contract',
    from: within('apps/web/src'),
    breaks: importing((to) =>
      isPackage(to)
        ? to.startsWith('node:') || (to.startsWith('@argos/') && to !== '@argos/contract')
        : !to.startsWith('apps/web/'),
    ),
  },
  {
    edge: 'a package imports an app',
    why: 'arrows point down',
    from: within('packages'),
    breaks: importing((to) => to.startsWith('apps/') || ['@argos/panel', '@argos/web'].includes(to)),
  },
  {
    edge: 'a package reaches into another by its path',
    why: 'what a package exports is its promise; the rest may change',
    from: (source) => within('packages')(source) || within('apps')(source),
    breaks: importing((to, { path }) => {
      const [home, name] = to.split('/')
      return home === 'packages' && !path.startsWith(`packages/${name}/`)
    }),
  },
  {
    edge: 'what is shipped imports what is for tests',
    why: 'it is not installed where the panel runs',
    from: (source) => shipped(source) && !within('packages/testkit')(source) && !within('bench')(source),
    breaks: importing(
      (to) => ['@argos/testkit', 'vitest', 'fast-check'].includes(to) || /\/testing\.ts$/.test(to),
    ),
  },
  {
    edge: 'the environment is read',
    why: 'config.ts reads it once and names every problem; nothing changes behind its back later',
    from: (source) => within('apps/panel/src')(source) && shipped(source),
    breaks: saying(/process\.env\b/g),
    except: {
      'apps/panel/src/main.ts': 'hands it to config.ts',
      'apps/panel/src/cli/main.ts': 'hands it to cli/context.ts, which hands it to config.ts',
      'apps/panel/src/cli/verbs/up.ts': 'hands it on unread to the same verb in the background',
    },
  },
  {
    edge: 'a value becomes part of the text of an SQL statement',
    why: 'values go as parameters, which are never read as SQL; migrations have none',
    from: (source) => within('apps/panel/src')(source) && shipped(source),
    breaks: (source) => [
      ...(code(source.text).match(/\bsql\s*\.\s*(raw|lit|literal)\(/g) ?? []),
      ...(code(source.text).match(
        /\.(exec|prepare|pragma)(<[^(]*>)?\(\s*(`[^`]*\$\{|['"][^'"]*['"]\s*\+)/g,
      ) ?? []),
    ],
    except: {
      'apps/panel/src/db/migrations/0001-skeleton.ts': 'texts that stand in it',
      'apps/panel/src/db/migrations/0002-touched.ts': 'texts that stand in it',
      'apps/panel/src/db/migrations/0003-changes.ts': 'texts that stand in it',
      'apps/panel/src/db/migrations/0004-identity.ts': 'texts that stand in it',
      'apps/panel/src/cli/run/lock.ts': 'a number of its own; SQLite takes no parameter there',
    },
  },
  {
    edge: 'something but guard/ calls out',
    why: 'only guardedFetch checks where a call leads, pins it there and cuts the reply (SS-01..05, SS-08)',
    from: (source) =>
      within('apps/panel/src')(source) && shipped(source) && folderOf(source.path) !== 'guard',
    breaks: (source) => [
      ...importing((to) =>
        ['undici', 'ws', 'node:http2', 'node:dns', 'node:dns/promises', 'node:dgram'].includes(to),
      )(source),
      ...(code(source.text).match(callingOut) ?? []),
      ...(declaresFetch.test(source.text) ? [] : saying(/(?<![\w.])(globalThis\.)?fetch\(/g)(source)),
    ],
    except: {
      'apps/panel/src/apply/visit.ts': "asks the edge's own listeners on this machine",
      'apps/panel/src/cli/run/ask.ts': "asks the panel's and the edge's sockets on this machine",
      'apps/panel/src/http/listen.ts': 'asks whether an own socket is still answered',
    },
  },
]

/** Values, not types, of Node's that open connections. */
const callingOut =
  /import \{[^}]*\b(request|get|connect|createConnection)\b[^}]*\} from 'node:(http|https|net|tls)'/g
/** A function that was handed guardedFetch under the name `fetch`. */
const declaresFetch = /\bfetch: GuardedFetch\b/

const sources = ['apps/panel', 'apps/web', 'packages', 'scripts', 'bench'].flatMap((folder) =>
  sourcesIn(folder),
)

describe.each(rules)('$edge: never, for $why', ({ from, breaks, except = {} }) => {
  const broken = sources
    .filter(from)
    .map((source) => ({ path: source.path, by: breaks(source) }))
    .filter(({ by }) => by.length > 0)

  test('no file does, but for those with a reason', () => {
    expect(broken.filter(({ path }) => !Object.hasOwn(except, path))).toEqual([])
  })
  test('every exception is still one', () => {
    const paths = broken.map(({ path }) => path)
    expect(Object.keys(except).filter((path) => !paths.includes(path))).toEqual([])
  })
})

test('the rules look at real files, and see what they import', () => {
  for (const { edge, from } of rules) expect(sources.filter(from).length, edge).toBeGreaterThan(3)
  const store = sources.find(({ path }) => path === 'apps/panel/src/hosts/host-reader.ts')
  expect(store?.imports).toContain('apps/panel/src/hosts/host.store.ts')
})

test.each([
  ['apps/panel/src/hosts/x.ts', `import { poolStore } from '../pools/pool.store.ts'`],
  ['apps/panel/src/hosts/x.ts', `import { edgeClient } from '@argos/caddy-admin'`],
  ['apps/panel/src/hosts/x.ts', `const { Client } = await import('undici')`],
  ['apps/panel/src/hosts/x.ts', `await fetch('http://example.net')`],
  ['apps/panel/src/hosts/x.ts', `import { request } from 'node:https'`],
  ['apps/panel/src/hosts/x.ts', `const port = process.env.PORT`],
  ['apps/panel/src/hosts/x.ts', `db.prepare('select * from host where id = ' + id)`],
  ['apps/panel/src/hosts/x.ts', `await sql.raw(text).execute(db)`],
  ['apps/panel/src/hosts/x.ts', `import { selfSigned } from '@argos/testkit'`],
  ['packages/caddy/src/x.ts', `import { readFileSync } from 'node:fs'`],
  ['packages/contract/src/x.ts', `export * from 'fastify'`],
  ['packages/secretbox/src/x.ts', `import { config } from '../../../apps/panel/src/config.ts'`],
  ['apps/web/src/x.ts', `import { compile } from '@argos/caddy'`],
  ['apps/web/src/x.ts', `import { hostStore } from '../../panel/src/hosts/host.store.ts'`],
])('%s with %j would be noticed', (path, text) => {
  const source = { path, text, imports: importsOf(path, text) }
  expect(rules.filter((rule) => rule.from(source) && rule.breaks(source).length > 0)).not.toEqual([])
})

function sourcesIn(folder: string): Source[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory())
      return ['node_modules', 'dist', '.cache'].includes(entry.name) ? [] : sourcesIn(path)
    if (!/\.tsx?$/.test(entry.name) || path === 'apps/panel/test/imports.test.ts') return []
    const text = readFileSync(join(root, path), 'utf8')
    return [{ path, text, imports: importsOf(path, text) }]
  })
}

function importsOf(path: string, text: string): string[] {
  const found = [...code(text).matchAll(/\b(?:from\s*|import\s*\(?\s*)['"]([^'"\n]+)['"]/g)]
  return found.map(([, name = '']) =>
    name.startsWith('.') ? relative(root, resolve(root, dirname(path), name)) : name,
  )
}

/** Without comments: what they say is not what the file does. */
function code(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/.*$/gm, '')
}
