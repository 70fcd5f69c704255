import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** Weighs what `vite build` wrote; run after it. Fails when a limit of the UI guide is passed. Sizes are gzip, in KB. */
const limits = {
  'first load, JS': 180,
  'all CSS': 25,
  'largest route, JS': 60,
  'sign-in beside React, JS': 40,
}

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
const dist = new URL(process.argv[2] ?? '../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<
  string,
  Chunk
>

const sizeKb = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0) / 1024

/** A chunk's own file and those of everything it imports at once. */
function closure(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const imported of chunk.imports ?? []) closure(imported, seen)
  return seen
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry)
if (!entry) throw new Error('dist has no entry: run `vite build` first')
const first = closure(entry)
// The first page is the app with its shell and the overview.
for (const key of ['src/app.tsx', 'src/shell/Shell.tsx', 'src/pages/overview/OverviewPage.tsx']) {
  if (!manifest[key]) throw new Error(`dist has no ${key}: the budget no longer weighs what loads first`)
  closure(key, first)
}
const signIn = closure('src/door.tsx', closure(entry))

const routes = Object.keys(manifest)
  .filter((key) => /^src\/pages\/.*Page\.tsx$/.test(key))
  .map((key) => sizeKb([...closure(key)].filter((file) => !first.has(file))))

const css = readdirSync(new URL('assets/', dist)).filter((file) => file.endsWith('.css'))
const sizes = {
  'first load, JS': sizeKb(first),
  'all CSS': sizeKb(css.map((file) => `assets/${file}`)),
  'largest route, JS': Math.max(0, ...routes),
  'sign-in beside React, JS': sizeKb([...signIn].filter((file) => !/^assets\/react-/.test(file))),
}

let passed = true
for (const [what, limit] of Object.entries(limits)) {
  const size = sizes[what as keyof typeof limits]
  const fits = size <= limit
  passed &&= fits
  process.stdout.write(`${fits ? 'ok ' : 'OVER'} ${what}: ${size.toFixed(1)} KB of ${limit}\n`)
}
process.exitCode = passed ? 0 : 1
